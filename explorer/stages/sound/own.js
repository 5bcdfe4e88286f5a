/** A visitor's own sound, from the microphone or a file. It leaves the browser only with a question about it. */

import { toBase64 } from "../kit/plane/tensors.js";
import { button, h } from "../kit/base/dom.js";
import { levelOf } from "../spaces/wave.js";

const SECONDS = 1;
const LARGEST = 1_000_000; // bytes of a file
const SILENT = 0.01; // of the largest amplitude
const QUIET = 0.05; // of the loudest sample: quieter ends are cut off
const MARGIN = 0.02; // seconds that stay before and after

/** The samples from −1 to 1, as loud as they can be, for all modes; null for none. */
let own = null;

/** Records one second: the bytes of a sound file. */
async function recorded() {
  if (!navigator.mediaDevices) throw new Error("This page has no microphone here. Open a file instead.");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => {
    throw new Error("The microphone is not allowed. Allow it in the browser, or open a file instead.");
  });
  try {
    const recorder = new MediaRecorder(stream);
    const parts = [];
    const over = new Promise((done) => recorder.addEventListener("stop", done));
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    recorder.start();
    setTimeout(() => recorder.stop(), 1000 * SECONDS);
    await over;
    return await new Blob(parts).arrayBuffer();
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

/** The bytes of a chosen file. */
function opened(file) {
  if (file.size > LARGEST) throw new Error("This file is larger than 1 MB. Choose a shorter sound.");
  return file.arrayBuffer();
}

/** The samples of a sound file, the mean of its channels, at this rate. */
async function decoded(bytes, rate) {
  const audio = await new OfflineAudioContext(1, rate, rate).decodeAudioData(bytes).catch(() => {
    throw new Error("The browser cannot read this file as sound. Try a WAV file.");
  });
  const channels = Array.from({ length: audio.numberOfChannels }, (_, i) => audio.getChannelData(i));
  return channels[0].map((_, i) => channels.reduce((sum, each) => sum + each[i], 0) / channels.length);
}

/** Recorded sound, scaled to full volume, without the quiet ends, at most `longest` samples. */
function spoken(samples, rate, longest) {
  const loudest = samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  if (loudest < SILENT) throw new Error("Nothing can be heard in it. Speak louder, or choose another sound.");
  const loud = (each) => Math.abs(each) > QUIET * loudest;
  const start = Math.max(0, samples.findIndex(loud) - MARGIN * rate);
  const end = Math.min(samples.findLastIndex(loud) + MARGIN * rate, start + longest);
  return samples.slice(start, end).map((each) => each / loudest);
}

/** The sound as base64 of its levels, its largest amplitude being `peak`; null for none. */
export const ownSound = (peak) => own && toBase64(Uint8Array.from(own, (each) => levelOf(each * peak)));

/** Buttons that record or open a sound; `onChange()` is called after a change. */
export function createOwn({ rate, longest, onChange }) {
  const says = h("p", { class: "own-says", role: "status" });
  const file = h("input", { type: "file", accept: "audio/*", hidden: true, "aria-label": "A sound file" });
  const record = button("Record a second", () => take(recorded, "Recording: speak now."), {
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

  async function take(source, words) {
    says.textContent = words;
    record.disabled = open.disabled = true;
    try {
      const sound = spoken(await decoded(await source(), rate), rate, longest);
      set(sound, `Your sound, ${Math.round((1000 * sound.length) / rate)} ms. No link holds it.`);
    } catch (error) {
      says.textContent = error.message;
    } finally {
      record.disabled = open.disabled = false;
    }
  }

  file.addEventListener("change", () => {
    const [chosen] = file.files;
    file.value = "";
    if (chosen) take(() => opened(chosen), "Reading the file.");
  });
  update();
  return { element, update, set };
}
