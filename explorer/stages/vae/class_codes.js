/** Codes of the drawings of a class on the map, those that its lecturer has let through and shows here. */

import { whenever } from "../kit/base/live.js";
import { signal } from "../kit/base/vendor/signals-core.js";
import { fromBase64, toBase64 } from "../kit/plane/tensors.js";

const AT_ONCE = 100; // drawings of one question
const [MARK, RIM, EARLIER] = [6, 1.5, 0.35];

/**
 * The codes, as a signal of the asked data set and β, and of the codes one after the other; null without drawings.
 * @param {any} ctx @param {import("../kit/base/follow.js").Followed} followed
 */
export function followClass(ctx, { state, news }) {
  const codes = signal(/** @type {{data: string, beta: number, mu: number[]} | null} */ (null));
  const drawings = signal(/** @type {string[]} */ ([]));
  const take = () => (drawings.value = globalThis.explorerRoom?.onMap ?? []);
  for (const name of ["explorer-drawings", "explorer-room"]) document.addEventListener(name, take);
  let asked = "";
  whenever(() => {
    void news.value;
    const [{ data }, beta, of] = [state, ctx.restingBeta, drawings.value];
    const now = [data, beta, ...of].join();
    if (now === asked) return;
    asked = now;
    if (!of.length) codes.value = null;
    else ask(data, beta, of).then((mu) => mu && asked === now && (codes.value = { data, beta, mu }));
  });

  /** @param {string} dataset @param {number} beta @param {string[]} of */
  async function ask(dataset, beta, of) {
    const mu = [];
    for (let k = 0; k < of.length; k += AT_ONCE) {
      const bytes = of.slice(k, k + AT_ONCE).flatMap((each) => [...fromBase64(each)]);
      const argument = { dataset, beta, drawings: toBase64(Uint8Array.from(bytes)) };
      const found = await ctx.ask("codes_of_class", argument);
      if (!found) return null;
      mu.push(...found.mu);
    }
    return mu;
  }
  return codes;
}

/** A diamond at each code, faint while they belong to an earlier β. */
export function paintClass({ ctx2d, toScreen, colours }, codes, /** @type {any} */ { data, beta }) {
  if (!codes || codes.data !== data) return;
  Object.assign(ctx2d, { fillStyle: colours.you, strokeStyle: colours.ground, lineWidth: RIM });
  ctx2d.globalAlpha = codes.beta === beta ? 1 : EARLIER;
  for (let k = 0; k < codes.mu.length; k += 2) {
    const [x, y] = toScreen([codes.mu[k], codes.mu[k + 1]]);
    ctx2d.beginPath();
    for (const [dx, dy] of [[0, -MARK], [MARK, 0], [0, MARK], [-MARK, 0]]) ctx2d.lineTo(x + dx, y + dy);
    ctx2d.closePath();
    ctx2d.fill();
    ctx2d.stroke();
  }
  ctx2d.globalAlpha = 1;
}
