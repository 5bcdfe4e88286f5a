/** A sound that is heard, and kept as a WAV file. */

import { download } from "../kit/export/export.js";
import { button, h } from "../kit/base/dom.js";
import { amplitudeOf } from "../spaces/wave.js";
import { resampled } from "./heard.js";

const LOUD = 0.9;
const HEADER = 44;
const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;

let context = null;
let playing = null;

/** The samples from −1 to 1, as loud as possible. */
function loudest(levels) {
  const samples = Float32Array.from(levels, amplitudeOf);
  const peak = samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0.001);
  return samples.map((each) => (LOUD * each) / peak);
}

/** Plays levels; what played before stops. */
async function play(levels, rate) {
  context ??= new Context();
  await context.resume();
  playing?.stop();
  playing = context.createBufferSource();
  playing.buffer = bufferOf(loudest(levels), rate);
  playing.connect(context.destination);
  playing.start();
}

/** A buffer at this rate, or at the rate of the loudspeaker where a browser knows no lower one. */
function bufferOf(samples, rate) {
  const made = (values, at) => {
    const buffer = context.createBuffer(1, values.length, at);
    buffer.getChannelData(0).set(values);
    return buffer;
  };
  try {
    return made(samples, rate);
  } catch {
    return made(resampled(samples, rate, context.sampleRate), context.sampleRate);
  }
}

/** The bytes of a WAV file with 16 bits a sample. */
function wavOf(levels, rate) {
  const view = new DataView(new ArrayBuffer(HEADER + 2 * levels.length));
  const write = (place, text) => [...text].forEach((each, i) => view.setUint8(place + i, each.charCodeAt(0)));
  write(0, "RIFF");
  view.setUint32(4, HEADER - 8 + 2 * levels.length, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  write(36, "data");
  view.setUint32(40, 2 * levels.length, true);
  levels.forEach((level, i) => view.setInt16(HEADER + 2 * i, Math.round(32_767 * amplitudeOf(level)), true));
  return view.buffer;
}

/** Buttons that play, `loud`, and save what `levelsOf()` gives; null for nothing, for which `update()` disables them. */
export function createListen({ rate, levelsOf, nameOf }) {
  const withLevels = (work) => () => {
    const levels = levelsOf();
    if (levels?.length) work(levels);
  };
  const title = "Play the sound at full volume";
  const loud = Context && button("Listen", withLevels((levels) => play(levels, rate)), { title, kind: "primary" });
  const save = button("Save WAV", withLevels((levels) => download(new Blob([wavOf(levels, rate)]), `${nameOf()}.wav`)));
  const update = () => {
    for (const each of [loud, save]) if (each) each.disabled = !levelsOf()?.length;
  };
  update();
  return Object.assign(h("div", { class: "listen" }, loud, save), { update, loud });
}
