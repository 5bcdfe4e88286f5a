/** Reflow: the same noise, taken to data in few Euler steps by the fields of four couplings. */

import { figures, h, setName } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createLegend } from "../kit/plane/legend.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { paintGround, toScreen } from "../kit/plane/screen.js";
import { floats16 } from "../kit/plane/tensors.js";
import { dataOf } from "../kit/plane/points.js";
import { couplingsOf } from "./nets.js";
import { paintDots, paintPaths } from "./paint.js";
import { stateAt, statesOf } from "./travel.js";
import { travelling } from "./travelling.js";

const TRACED = 30; // points whose way is drawn
const SIDE = 252;
const wayOf = ({ classes }) => classes[3];
const ORDER = ["independent", "reflow-1", "reflow-2", "ot"];
const KEYS = [
  ["●", "points", ({ ink }) => ink],
  ["●", "test data", ({ line }) => line],
  ["━", `${TRACED} paths`, wayOf],
];

/** Points of a coupling at a time, over the test data. */
function paintRound(context, { states, data, t, side, colours }) {
  const place = toScreen(side, HALF);
  paintGround(context, side, colours);
  paintDots(context, data, place, { colour: colours.line, radius: 2 });
  const now = stateAt(states, t);
  const traced = [...states.slice(0, 1 + Math.floor(t * (states.length - 1))), now].map((x) =>
    x.subarray(0, 2 * TRACED)
  );
  paintPaths(context, traced, traced.length, place, { colour: wayOf(colours), width: 1, opacity: 0.6 });
  paintDots(context, now, place, { colour: colours.ink, radius: 1.4 });
}

function reflow(self) {
  const { ctx, state, declared } = self;
  const titles = Object.fromEntries(couplingsOf(ctx));
  const { answer, came, time, play } = travelling(self, "along");

  /** The same noise, taken by the field of each coupling, and what was measured of its ends. */
  const rounds = computed(() => {
    if (!came.value || !ctx.net().points) return null;
    const { asked: { few }, answer } = came.value;
    const { figures } = ctx.net();
    return Object.fromEntries(ORDER.map((name) => {
      const { straightness, ends } = figures?.[name] ?? {};
      const ways = floats16(answer[name]);
      return [name, { states: statesOf(ways, ways.length / (few + 1)), straightness, ...ends?.[few] }];
    }));
  });
  const captionOf = (t) => sentences(declared, { t, few: state.few }, state.few === 1 ? "one" : "caption");
  const words = computed(() => {
    if (!rounds.value) return "";
    const ends = ctx.net().reflow?.[state.few]?.words ?? "";
    return `${ends} ${sentences(declared, {}, time.value < 1 && "ends")}`.trim();
  });
  /** The best of the couplings for a number of steps; dashes for a network without measurements. */
  const leads = () =>
    ctx.net().reflow?.[state.few]?.numbers ?? figuresOf(declared, {}).map(([name]) => [name, "–", ""]);

  const resized = signal(0);
  const views = ORDER.map((name, k) => {
    const canvas = h("canvas", { role: "img", "aria-label": titles[name] });
    const numbers = figures(figuresOf(declared, {}));
    shows(numbers, () => rounds.value && figuresOf(declared, rounds.value[name]));
    whenever(() => {
      void resized.value;
      if (!rounds.value) return;
      const [round, t, data] = [rounds.value[name], time.value, dataOf(ctx)];
      setName(canvas, titles[name], sentences(declared, { t, ...round }, "plane"));
      const side = canvas.clientWidth;
      if (side) paintRound(contextOf(canvas, side), { ...round, data, t, side, colours: ctx.colours() });
      if (!k) ctx.show("out", canvas);
    });
    return h("figure", { class: "round" }, canvas, h("figcaption", {}, titles[name]), numbers);
  });
  const noise = h("canvas");
  whenever(() => {
    if (!rounds.value) return;
    const [{ states }, data] = [rounds.value[ORDER[0]], dataOf(ctx)];
    paintRound(contextOf(noise, SIDE), { states, data, t: 0, side: SIDE, colours: ctx.colours() });
    ctx.show("noise", noise);
  });
  whenever(() => rounds.value && ctx.describe(captionOf(time.value)));
  const screen = h("div", { class: "rounds" }, views);
  onSize(screen, () => (resized.value += 1));
  const main = play({
    ...{ screen, words, captionOf, ready: () => rounds.value !== null },
    label: "Noise on its way, four couplings side by side",
    filename: "reflow.gif",
  });
  const legend = createLegend(ctx);
  legend.show(KEYS);

  return {
    ...{ main, below: [shows(headline(leads(), 0), leads), legend.element], answer, rounds },
    placed: "along", // a preset stays chosen while it plays
    hasResult: () => rounds.value !== null,
    table: () => rounds.value && tableOf(rounds.value, state),
  };
}

/** Measured distance of the ends of each coupling from the data. */
function tableOf(rounds, { net, few }) {
  const rows = ORDER.map((name) => {
    const { distance, distance_se: se, off } = rounds[name];
    return [name, few, distance, se, off];
  });
  return {
    name: `${net}-reflow-${few}`,
    rows: [["coupling", "Euler steps", "squared energy distance", "standard error", "share off"], ...rows],
  };
}

export default mode(reflow, { hint: "How few steps suffice?" });
