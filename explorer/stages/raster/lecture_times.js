/** What a lecture says of the time that a 256×256 image takes, and what follows from it. */

export const SUBPIXELS = 256 * 256 * 3;

const TOKENS = 32 * 32;
const MINUTE = 60;

/** As the lecture gives them: how many steps in turn, and how many seconds. */
export const LECTURE = [
  { name: "PixelRNN", steps: SUBPIXELS, seconds: 6.5 * MINUTE, said: "~6.5 min" },
  { name: "PixelCNN", steps: SUBPIXELS, seconds: 2 * MINUTE, said: "~2 min" },
  { name: "VQ-VAE + transformer", steps: TOKENS, seconds: 0.5, said: "~0.5 s" },
];
const SAID_RATE = 500; // PixelRNN steps a second
const SAID_FACTOR = 780;

const whole = (value) => Math.round(value).toLocaleString("en");

/** Seconds in the unit that a person would choose. */
export function duration(seconds) {
  const units = [["d", 24 * 60 * MINUTE], ["h", 60 * MINUTE], ["min", MINUTE], ["s", 1]];
  const [unit, size] = units.find(([, size]) => seconds >= 1.5 * size) ?? ["ms", 1e-3];
  return `${Number((seconds / size).toPrecision(seconds / size >= 100 ? 3 : 2)).toLocaleString("en")} ${unit}`;
}

export const rate = ({ steps, seconds }) => `${whole(steps / seconds)} /s`;

/** The lecture's factor, checked and taken apart. */
export function checked() {
  const [rnn, , tokens] = LECTURE;
  const factor = rnn.seconds / tokens.seconds;
  const fewer = rnn.steps / tokens.steps;
  return (
    `Its own check: at ~${SAID_RATE} steps a second ${whole(SUBPIXELS)} steps take ${(SUBPIXELS / SAID_RATE / MINUTE).toFixed(2)} min, its ${rnn.said}; and ` +
    `${rnn.said} ÷ ${tokens.said} is ${whole(factor)} ×${Math.round(factor) === SAID_FACTOR ? ", its factor" : `, not its ${SAID_FACTOR} ×`}. ` +
    `${whole(fewer)} × of that are fewer steps (${whole(rnn.steps)} ÷ ${whole(tokens.steps)}); the other ${(factor / fewer).toFixed(1)} × assume that a step of the transformer is that much faster.`
  );
}
