/** Values of fields that ask nothing anew: an answer brings a part for each, and the places where a drag or a key sets it. */

const KEYS = [{ ArrowLeft: -1, ArrowRight: 1 }, { ArrowUp: -1, ArrowDown: 1 }];

/** Index of the chosen value, or of the one nearest to the number that is. */
function indexOf(values, now) {
  const away = values.map((value) => (value === now ? 0 : Math.abs(value - now)));
  return away.indexOf(Math.min(...away.filter((each) => !Number.isNaN(each))));
}

/** The answer for the chosen value of the field of `each`, if there is one; `now(key)` is the value of a field. */
export function partNow(value, now) {
  if (!value.each) return { ...value, ...value.report };
  const { key, values, parts } = value.each;
  const part = parts[indexOf(values, now(key))];
  const over = (name) => value[name]?.map((each, k) => ({ ...each, ...part[name]?.[k] }));
  return { ...value, ...part, charts: over("charts"), strips: over("strips") };
}

/** What a drag to a place sets: {field: value}; each of its stops is a place, its value, and perhaps how far `up` it is. */
export function stopAt(key, stops, place, up = 0) {
  const away = ([at, , high = up]) => Math.abs(at - place) + Math.abs(high - up);
  const [nearest] = (stops?.[key] ?? []).toSorted((a, b) => away(a) - away(b));
  return nearest && { [key]: nearest[1] };
}

/** What a key sets, if anything; Home and End those of the field `main`. */
export function stopOfKey(key, stops, main, now) {
  const end = { Home: 0, End: -1 }[key];
  if (end !== undefined && stops?.[main]?.length) return { [main]: stops[main].at(end)[1] };
  for (const [i, name] of Object.keys(stops ?? {}).entries()) {
    const values = [...new Set(stops[name].map(([, value]) => value))];
    const next = values[indexOf(values, now(name)) + KEYS[stops[name][0]?.length === 3 ? 1 : i][key]];
    if (next !== undefined) return { [name]: next };
  }
  return null;
}
