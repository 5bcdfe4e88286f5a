/** What a stage is about, as signals. */

import { same } from "./store.js";
import { batch, signal } from "./vendor/signals-core.js";

/** @typedef {ReturnType<typeof follow>} Followed */

/**
 * Has the state, network, value, columns and images of a context followed by what reads them. `take(changed)` hands over what
 * others have changed; what is set through the context that is followed is there at once.
 */
export function follow(given) {
  const fields = Object.entries(given.store.get()).map(([key, value]) => ({ key, field: signal(value) }));
  const [net, value] = [signal(given.net()), signal(given.value())];
  const [news, visits, changes] = [signal(0), signal(0), signal(new Set())];
  const state = /** @type {State} */ ({});
  for (const { key, field } of fields) Object.defineProperty(state, key, { get: () => field.value, enumerable: true });
  const set = (patch, options) => {
    given.store.set(patch, options);
    take();
  };
  const ctx = Object.create(given, {
    store: { value: { ...given.store, get: () => state, set, commit: (patch) => set(patch, { commit: true }) } },
    net: { value: () => net.value },
    value: { value: () => value.value },
    columns: { value: () => (net.value, value.value, state.lit, given.columns()) },
    assets: { get: () => (news.value, net.value, state.set, given.assets) },
  });
  const take = (changed = new Set()) =>
    batch(() => {
      const now = given.store.get();
      for (const { key, field } of fields) if (!same(field.peek(), now[key])) field.value = now[key];
      const found = given.net();
      if (!isAlike(net.peek(), found)) net.value = found;
      value.value = given.value();
      if ([...changed].some((key) => !(key in now))) news.value += 1;
      if (changed.has("mode")) visits.value += 1;
      if (changed.size) changes.value = changed;
    });
  return { ctx, state, news, visits, changes, take };
}

/** True of two records of the same values. */
const isAlike = (one, other) =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => one[key] === other[key]);
