/** The ways that pictures take through a mechanism: along its arrows, from a picture into the network and out of it. */

const ONWARD = new Set(["→", "↔", "↻", "+"]);

/**
 * @typedef {Pick<MechanismPart, "kind" | "arrow"> & Partial<MechanismPart>} FlowPart
 * @typedef {{parts: FlowPart[], shown: string[], lit: number[]}} Row the parts, the names of the pictures that are seen
 *   in them, and the indices of those that are lit
 * @typedef {{from: number | null, via: number[], to: number}} Route indices of parts: the one whose picture goes in, if
 *   one is seen, those on the way, the last first, and the end
 * @typedef {Route & {slot: number}} Planned
 */

/** @param {FlowPart} part */
export const isNetwork = ({ kind }) => kind !== "value";

/** Index of the part beside part `i` that feeds it, or null. @param {FlowPart[]} parts @param {number} i @param {number} step */
function feeder(parts, i, step) {
  if (step < 0) return i > 0 && ONWARD.has(parts[i].arrow) ? i - 1 : null;
  return parts[i + 1]?.arrow === "←" ? i + 1 : null;
}

/** Index of the part beside part `i` that is fed by it, or null. @param {FlowPart[]} parts @param {number} i @param {number} step */
function fed(parts, i, step) {
  if (step > 0) return parts[i + 1] && ONWARD.has(parts[i + 1].arrow) ? i + 1 : null;
  return i > 0 && parts[i].arrow === "←" ? i - 1 : null;
}

/**
 * Walks from part `i` in steps of `next` up to the first picture, its `end`, or as far as arrows lead.
 * @param {Row} row @param {number} i @param {typeof feeder} next @param {number} step
 */
function walk({ parts, shown }, i, next, step) {
  const via = [];
  for (let k = next(parts, i, step); k !== null; k = next(parts, k, step)) {
    if (shown.includes(parts[k].shows)) return { end: k, via };
    via.push(k);
  }
  return { end: null, via };
}

/** The way from the picture that the declaration names: a loop, against or with the arrows. @param {Row} row @param {number} to */
function routeBack({ parts }, to) {
  const { source, through } = parts[to];
  const from = parts.findIndex(({ shows }) => shows === source);
  const end = through ? parts.findIndex(({ name }) => name === through) : to;
  const step = Math.sign(end - from);
  const passed = Array.from({ length: Math.abs(end - from) }, (_, k) => end - step * k);
  return { from, via: passed.filter((k) => k !== to), to };
}

/** The way to the picture of part `to`, null without one. @param {Row} row @param {number} to @returns {Route | null} */
function routeTo(row, to) {
  const { parts, shown, lit } = row;
  if (shown.includes(parts[to].source)) return routeBack(row, to);
  const score = ({ end, via }) => (via.some((k) => lit.includes(k)) ? 2 : 0) + (end === null ? 0 : 1);
  const ways = [-1, 1].map((step) => walk(row, to, feeder, step)).filter(({ end, via }) => end !== null || via.length);
  const [way] = ways.toSorted((a, b) => score(b) - score(a));
  if (!way || (way.end === null && isNetwork(parts[to]))) return null;
  return { from: way.end, via: way.via, to };
}

/** The way into the lit network that part `from` feeds, if no picture comes out of it. @param {Row} row @param {number} from */
function routeInto(row, from) {
  if (isNetwork(row.parts[from]) || row.parts[from].source) return null;
  for (const step of [1, -1]) {
    const { end, via } = walk(row, from, fed, step);
    const to = via.find((k) => isNetwork(row.parts[k]));
    if (end === null && row.lit.includes(to)) return { from, via: [], to };
  }
  return null;
}

/**
 * The ways to the parts `here`, whose pictures have changed. What only leads to another of them was given, not computed.
 * @param {Row} row @param {number[]} here
 */
function routesOf(row, here) {
  const all = here.map((i) => routeTo(row, i)).filter(Boolean);
  const computed = all.filter(({ from, to }) => from !== null || !all.some((other) => other.from === to));
  return new Map(computed.map((route) => [route.to, route]));
}

/**
 * The ways of the pictures that have changed, by name. What comes from another of them has a later slot of time.
 * @param {Row} row @param {string[]} changed @returns {Planned[]}
 */
export function planOf(row, changed) {
  const { parts, shown } = row;
  const here = parts.map((_, i) => i).filter((i) => changed.includes(parts[i].shows) && shown.includes(parts[i].shows));
  const routes = routesOf(row, here);
  /** @param {number} i @returns {number} */
  const slotOf = (i) => {
    const from = routes.get(i)?.from ?? null;
    return from === null || parts[i].source || !routes.get(from) ? 0 : slotOf(from) + 1;
  };
  const out = [...routes.values()].map((route) => ({ ...route, slot: slotOf(route.to) }));
  const into = here.map((i) => ({ ...routeInto(row, i), slot: routes.get(i) ? slotOf(i) + 1 : 0 }));
  return [...out, ...into].filter(({ to }) => to !== undefined);
}

/**
 * The legs of a way: from one part to another, and whether the picture is the one at its end. Into the last network on
 * the way, and out of it.
 * @param {FlowPart[]} parts @param {Route} route @returns {{from: number, to: number, isNew: boolean}[]}
 */
export function legsOf(parts, { from, via, to }) {
  if (isNetwork(parts[to])) return [{ from, to, isNew: false }];
  const gate = via.find((k) => isNetwork(parts[k])) ?? via[0];
  if (gate === undefined) return [{ from, to, isNew: true }];
  return [...(from === null ? [] : [{ from, to: gate, isNew: false }]), { from: gate, to, isNew: true }];
}
