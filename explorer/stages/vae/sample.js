/** 64 draws from the prior, and why their means are blurry. */
import { ImageGrid } from "../kit/image/grid.js";
import { codeImage, imageOf, PIXELS, toBytes } from "../kit/image/pixels.js";
import { floats32, fromBase64 } from "../kit/plane/tensors.js";
import { askedAnswers } from "../kit/ask/asked.js";
import { h } from "../kit/base/dom.js";
import { atEnd, shows, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { mode } from "../kit/panel/mode.js";
import { dim, dimAnswer, fillPanel } from "../kit/panel/parts.js";
import { onMap } from "./on_map.js";
import { paintDot } from "./paint.js";

const COLUMNS = 8;
const DRAWS = COLUMNS * COLUMNS;
const PER_FRAME = 16;
const VEIL = 0.6; // opacity of the ground over what the draws stand on

function sample(self) {
  const { ctx, state, declared, seen } = self;
  const { asked, theme, words, numbers, note, mode: shared } = onMap(self);
  const drawn = askedAnswers(self, declared.ask, () => (ctx.net().error ? null : asked()));
  const answer = computed(() => drawn.value.value && { ...drawn.asked.value, ...read(drawn.value.value) });
  const tap = computed(() => state.tap);
  const zOf = (i) => [...answer.value.z.subarray(2 * i, 2 * i + 2)];

  /** While β moves, the same z are decoded here, a few a frame; pixels drawn by Python stay, dimmed. */
  const moved = signal(null); // means so far, and which of them is next
  whenever(() => {
    const [given, beta] = [answer.value, state.beta];
    if (!given || given.beta === beta) return void (moved.value = null);
    let [left, timer] = [DRAWS, 0];
    const decodeSome = () => {
      const { next, means } = moved.peek() ?? { next: 0, means: given.means.slice() };
      const places = Array.from({ length: Math.min(left, PER_FRAME) }, (_, k) => (next + k) % DRAWS);
      for (const i of places) {
        const pixels = ctx.decode(zOf(i), beta);
        if (!pixels) return;
        means.set(toBytes(pixels), PIXELS * i);
      }
      left -= places.length;
      moved.value = { next: (next + places.length) % DRAWS, means };
      if (left) timer = requestAnimationFrame(decodeSome);
    };
    timer = requestAnimationFrame(decodeSome);
    atEnd(() => cancelAnimationFrame(timer));
  });

  const met = askedAnswers(self, "nearest_images", () => {
    if (!answer.value || tap.value === null) return null;
    const { dataset, beta, seed } = answer.value;
    return { dataset, beta, seed, tap: tap.value, pixels: state.pixels };
  });
  const said = computed(() => met.value.value ?? answer.value);
  shows(numbers, () => said.value?.numbers);
  whenever(() => said.value && seen(said.value.words));
  whenever(() => {
    if (answer.value && tap.value !== null) {
      ctx.describe(words({ at: tap.value + 1, draws: DRAWS, z: zOf(tap.value) }, "draw"));
    }
  });

  /** The draws as they are on the screen: means, or pixels drawn from them. */
  const bytes = () => state.pixels === "bits" ? answer.value.bits : moved.value?.means ?? answer.value.means;
  const grid = new ImageGrid({
    label: "Draw from the prior",
    columns: COLUMNS,
    rows: COLUMNS,
    onChoose: (tap) => answer.value && ctx.store.commit({ tap }),
  });
  whenever(() => {
    void theme.value;
    grid.element.hidden = !answer.value;
    if (!answer.value) return;
    grid.show({ bytes: bytes(), marks: tap.value === null ? {} : { [tap.value]: "now" } });
    ctx.show("code", codeImage(zOf(tap.value ?? 0)));
    ctx.show("out", imageOf(bytes(), tap.value ?? 0));
  });
  const near = new ImageGrid({ label: "The draw, and what it resembles", columns: 4, rows: 1 });
  whenever(() => {
    const { images, names } = met.value.value ?? {};
    near.element.hidden = !images;
    if (images) near.show({ bytes: fromBase64(images), captions: names });
  });

  /** True if the answer is of another β, and if it is of other draws. */
  const isOfBeta = computed(() => answer.value !== null && answer.value.beta !== state.beta);
  const isOfDraws = computed(() => {
    const { dataset, seed } = answer.value ?? {};
    return answer.value !== null && (dataset !== state.data || seed !== state.seed);
  });
  whenever(() => {
    const isEarlier = isOfDraws.value || isOfBeta.value || !drawn.isCurrent.value;
    dim(grid.element, isOfDraws.value || (isOfBeta.value && state.pixels === "bits"));
    const dims = { dims: [near.element], numbers, seen };
    dimAnswer(dims, answer.value && (isEarlier || (tap.value !== null && !met.isCurrent.value)));
  });
  const ofBeta = () => isOfBeta.value && (tap.value !== null || state.pixels === "bits") ? answer.value.beta : null;
  const shown = h("div", { class: "draws shown" }, grid.element, near.element);
  return {
    ...{ ...shared, answer },
    panel: (controls) => fillPanel(ctx, numbers, controls, shown, note(ofBeta), seen.element),
    hasResult: (what) => what === "picture" ? ctx.model.ready : answer.value !== null,
    table: () => answer.value && tableOf(answer.value, zOf),
    draw: (layer) => answer.value && paintDraws(layer, zOf, tap.value),
  };
}

/** An answer, read once. */
function read({ words, numbers, z, means, bits }) {
  return { words, numbers, z: floats32(z), means: fromBase64(means), bits: fromBase64(bits) };
}

function tableOf({ dataset, seed }, zOf) {
  const rows = Array.from({ length: DRAWS }, (_, i) => [i + 1, ...zOf(i)]);
  return { name: `draws-${dataset}-${seed}`, rows: [["draw", "z1", "z2"], ...rows] };
}

/** The draws, over the test images' codes in fainter colours. */
function paintDraws({ ctx2d, toScreen, width, height, colours: { you, ink, ground } }, zOf, tap) {
  ctx2d.globalAlpha = VEIL;
  ctx2d.fillStyle = ground;
  ctx2d.fillRect(0, 0, width, height);
  ctx2d.globalAlpha = 1;
  for (let i = 0; i < DRAWS; i++) {
    paintDot(ctx2d, toScreen(zOf(i)), i === tap ? 8 : 5, { fill: i === tap ? you : ink, stroke: ground });
  }
}

export default mode(sample);
