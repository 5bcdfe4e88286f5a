/** A word in decoded samples: one channel at one rate, without offset, clicks and silence around it, at full volume. */

const SILENT = 0.01; // of the largest amplitude
const QUIET = 0.05; // of the loudest frame: quieter ends are cut off
const FRAME = 0.005; // seconds
const MARGIN = 0.02; // seconds that stay before and after
const PAUSE = 0.2; // seconds inside a word at most, as before the last sound of “eight”
const CLICK = 0.04; // seconds: shorter sounds before a word, or louder ones after it, are none of it
const SHORTEST = 0.05; // seconds
const CANCELLED = 0.1; // energy of the mean, of the loudest channel's, below which the channels are in antiphase
const [LOBES, PASSED] = [16, 0.92]; // of the filter before a change of rate

/** What is wrong with a sound, in words for the visitor. */
export class SoundError extends Error {}

const meanOf = (values) => values.reduce((sum, each) => sum + each, 0) / (values.length || 1);
const energyOf = (samples) => samples.reduce((sum, each) => sum + each * each, 0);
const peakOf = (samples) => samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);

/** The mean of channels without their offsets, or the loudest channel if they cancel each other. */
export function monoOf(channels) {
  if (!channels.every((channel) => channel.every(Number.isFinite))) {
    throw new SoundError("This sound holds samples that are no numbers. Save it again as WAV with 16 bits.");
  }
  const centred = channels.map((channel) => {
    const offset = meanOf(channel);
    return channel.map((each) => each - offset);
  });
  const mean = centred[0].map((_, i) => centred.reduce((sum, each) => sum + each[i], 0) / centred.length);
  const loudest = centred.reduce((most, each) => (energyOf(each) > energyOf(most) ? each : most));
  return energyOf(mean) < CANCELLED * energyOf(loudest) ? loudest : mean;
}

/** Samples of another rate, by a sinc filter with a Hann window. */
export function resampled(samples, from, to) {
  if (from === to) return samples;
  const pass = PASSED * Math.min(1, to / from);
  const reach = LOBES / pass;
  return Float32Array.from({ length: Math.round(samples.length * to / from) }, (_, i) => {
    const at = i * from / to;
    let sum = 0;
    for (let j = Math.max(0, Math.ceil(at - reach)); j <= Math.min(samples.length - 1, at + reach); j++) {
      sum += samples[j] * pass * sinc(pass * (at - j)) * (1 + Math.cos(Math.PI * (at - j) / reach)) / 2;
    }
    return sum;
  });
}

const sinc = (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** The loudest word of samples at full volume, at most `longest` samples. */
export function wordOf(samples, rate, longest) {
  if (samples.length < SHORTEST * rate) {
    throw new SoundError(`This sound is shorter than ${1000 * SHORTEST} ms. Choose a longer one.`);
  }
  if (peakOf(samples) < SILENT) {
    throw new SoundError("Nothing can be heard in it. Speak louder, or choose another sound.");
  }
  const [first, last] = spanOf(samples, Math.round(FRAME * rate), rate);
  const start = Math.max(0, first - Math.round(MARGIN * rate));
  const word = samples.slice(start, Math.min(last + Math.round(MARGIN * rate), start + longest));
  const peak = peakOf(samples.subarray(first, Math.min(last, start + longest)));
  return word.map((each) => Math.max(-1, Math.min(1, each / peak)));
}

/** First sample of a word and the one after its last. */
function spanOf(samples, size, rate) {
  const frames = Array.from(
    { length: Math.ceil(samples.length / size) },
    (_, i) => Math.sqrt(meanOf(samples.slice(i * size, (i + 1) * size).map((each) => each * each))),
  );
  const levelOf = ([from, to]) => peakOf(frames.slice(from, to));
  const energy = ([from, to]) => energyOf(frames.slice(from, to));
  const isLong = ([from, to]) => (to - from) * size >= CLICK * rate;
  const every = runsOf(frames, QUIET * levelOf([0, frames.length]));
  const long = every.some(isLong) ? every.filter(isLong) : every;
  const word = long.reduce((most, each) => (energy(each) > energy(most) ? each : most));
  const runs = runsOf(frames, QUIET * levelOf(word));
  const inside = runs.findIndex(([, to]) => to > word[0]);
  const isNear = (gap) => gap * size <= PAUSE * rate;
  let [from, to] = runs[inside];
  for (const each of runs.slice(0, inside).reverse()) {
    if (!isNear(from - each[1]) || !isLong(each)) break;
    from = each[0];
  }
  for (const each of runs.slice(inside + 1)) {
    if (!isNear(each[0] - to) || (!isLong(each) && levelOf(each) > levelOf(word))) break;
    to = each[1];
  }
  return [from * size, Math.min(to * size, samples.length)];
}

/** The runs of frames above a level, each as its first frame and the one after its last. */
function runsOf(frames, level) {
  const runs = [];
  frames.forEach((each, i) => {
    if (each <= level) return;
    if (runs.at(-1)?.[1] === i) runs.at(-1)[1] = i + 1;
    else runs.push([i, i + 1]);
  });
  return runs;
}
