/** What opens a network: the place inside it is a value of the stage, and its panel is fetched when it is wanted. */

/** The run that a part of the mechanism begins with: reading for what narrows, decoding or drawing for what widens. */
const WAYS = { narrows: () => "read", widens: ({ z }) => (Array.isArray(z) ? "decode" : "make"), network: () => "-" };

/** The panel, fetched. @param {Ctx} ctx */
async function open(ctx) {
  const { Inside } = await import("../../inside/inside.js");
  return new Inside(ctx);
}

/** True if a part is a network that opens. @param {MechanismPart} part */
export const opensInside = ({ kind }) => kind in WAYS;

/**
 * Follows the value `inside` of the stage, and returns what opens the network at a part of the mechanism; null where the
 * stage has no such value.
 * @param {Ctx} ctx @returns {((part: MechanismPart) => void) | null}
 */
export function followInside(ctx) {
  if (!ctx.fields.inside) return null;
  /** @type {Promise<import("../../inside/inside.js").Inside> | null} */
  let panel = null;
  /** @type {string | null} */
  let wanted = null;
  async function follow() {
    if (ctx.store.get().inside === null && !panel) return;
    panel ??= open(ctx);
    const there = await panel;
    if (wanted) there.part = wanted;
    wanted = null;
    there.follow();
  }
  ctx.store.subscribe(null, (changed) => changed.size && follow());
  follow();
  return (part) => {
    wanted = part.name;
    ctx.store.commit({ inside: WAYS[part.kind](ctx.store.get()) });
  };
}
