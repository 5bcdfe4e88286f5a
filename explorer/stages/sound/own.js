/** A visitor's own sound, from the microphone or a file. It leaves the browser only with a question about it. */

import { toBase64 } from "../kit/plane/tensors.js";
import { button, h } from "../kit/base/dom.js";
import { levelOf } from "../spaces/wave.js";
import { monoOf, resampled, SoundError, wordOf } from "./heard.js";

const SECONDS = 1;
const LARGEST = 1_000_000; // bytes of a file
const COMMON_RATE = 44_100; // samples a second, where a browser decodes at no lower rate
const INSTEAD = "Open a file instead.";
const NOT_ALLOWED = "The microphone is not allowed. Allow it in the browser, or open a file instead.";
const NONE = "No microphone was found. Connect one, or open a file instead.";
const IN_USE = "Another program uses the microphone. Close it, or open a file instead.";
const REFUSALS = {
  NotAllowedError: NOT_ALLOWED,
  SecurityError: NOT_ALLOWED,
  NotFoundError: NONE,
  OverconstrainedError: NONE,
  NotReadableError: IN_USE,
  AbortError: IN_USE,
};
const NOT_RECORDED = `The recording failed. ${INSTEAD}`;
const NOT_READ = "The browser cannot read this file as sound. Try a WAV file.";

/** The samples from −1 to 1, as loud as they can be, for all modes; null for none. */
let own = null;

/** Records one second: the bytes of a sound file. */
async function recorded() {
  if (!navigator.mediaDevices?.getUserMedia) throw new SoundError(`This page has no microphone here. ${INSTEAD}`);
  if (!globalThis.MediaRecorder) throw new SoundError(`This browser cannot record sound. ${INSTEAD}`);
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(({ name }) => {
    throw new SoundError(REFUSALS[name] ?? `The microphone did not start. ${INSTEAD}`);
  });
  try {
    const recorder = new MediaRecorder(stream);
    const parts = [];
    const over = new Promise((done, fail) => {
      recorder.addEventListener("stop", done);
      recorder.addEventListener("error", fail);
    });
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    recorder.start();
    setTimeout(() => recorder.state !== "inactive" && recorder.stop(), 1000 * SECONDS);
    await over;
    return await new Blob(parts).arrayBuffer();
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

/** The bytes of a chosen file. */
function opened(file) {
  if (file.size > LARGEST) throw new SoundError("This file is larger than 1 MB. Choose a shorter sound.");
  return file.arrayBuffer();
}

/** The samples of a sound file in one channel at this rate. */
async function decoded(bytes, rate) {
  const context = contextFor(rate);
  const audio = await new Promise((done, fail) => {
    context.decodeAudioData(bytes, done, fail)?.catch(fail); // an older Safari returns no promise
  });
  const channels = Array.from({ length: audio.numberOfChannels }, (_, i) => audio.getChannelData(i));
  return resampled(monoOf(channels), audio.sampleRate, rate);
}

/** What decodes sound at a rate, or else at a common one: an older Safari refuses less than 22,050 samples a second. */
function contextFor(rate) {
  const Context = globalThis.OfflineAudioContext ?? globalThis.webkitOfflineAudioContext;
  if (!Context) throw new SoundError("This browser cannot read sound.");
  try {
    return new Context(1, rate, rate);
  } catch {
    return new Context(1, COMMON_RATE, COMMON_RATE);
  }
}

/** The sound as base64 of its levels, its largest amplitude being `peak`; null for none. */
export const ownSound = (peak) => own && toBase64(Uint8Array.from(own, (each) => levelOf(each * peak)));

/**
 * Buttons that record or open a sound; `onChange()` is called after a change.
 * @param {{rate?: number, longest?: number, onChange: () => void}} how
 */
export function createOwn({ rate, longest, onChange }) {
  const says = h("p", { class: "own-says", role: "status" });
  const file = h("input", { type: "file", accept: "audio/*", hidden: true, "aria-label": "A sound file" });
  const record = button("Record a second", () => take(recorded, "Recording: speak now.", NOT_RECORDED), {
    title: "Speak a digit; the sound stays in this browser until you ask about it, and is not kept",
  });
  const open = button("Open a file", () => file.click());
  const leave = button("Test recording again", () => set(null, ""));
  const element = h("div", { class: "own-sound" }, record, open, leave, file, says);

  function set(sound, words) {
    own = sound;
    says.textContent = words;
    update();
    onChange();
  }

  function update() {
    leave.hidden = own === null;
  }

  async function take(source, words, failed) {
    says.textContent = words;
    record.disabled = open.disabled = true;
    try {
      const sound = wordOf(await decoded(await source(), rate), rate, longest);
      set(sound, `Your sound, ${Math.round((1000 * sound.length) / rate)} ms. No link holds it.`);
    } catch (error) {
      says.textContent = error instanceof SoundError ? error.message : failed;
    } finally {
      record.disabled = open.disabled = false;
    }
  }

  file.addEventListener("change", () => {
    const [chosen] = file.files;
    file.value = "";
    if (chosen) take(() => opened(chosen), "Reading the file.", NOT_READ);
  });
  update();
  return { element, update, set };
}
