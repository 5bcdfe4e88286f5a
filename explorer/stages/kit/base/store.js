/** A small observable record: one place for everything a visitor can change. */

/**
 * A store that begins with this state.
 *
 * `set(patch, {commit})` calls every subscriber whose keys really changed, with the set of changed keys and whether the
 * gesture ended (`commit`); `commit(patch)` ends it. Subscribers also hear which keys a renewing store `renewed`. Arrays
 * are compared by content, so that setting an equal point changes nothing.
 * @param {State} initial @returns {Store}
 */
export function createStore(initial) {
  let state = { ...initial };
  /** @type {Set<{keys: string[] | null, listener: Listener}>} */
  const listeners = new Set();

  /** @type {Store["set"]} */
  function set(patch, { commit = false, renewed = [] } = {}) {
    const changed = new Set(Object.keys(patch).filter((key) => !same(state[key], patch[key])));
    state = { ...state, ...patch };
    if (!changed.size && !commit) return;
    for (const { keys, listener } of [...listeners]) {
      const mine = !keys || keys.some((key) => changed.has(key));
      if (mine) listener(changed, { commit, state, renewed });
    }
  }

  /** Calls a listener for these keys, or for every key if null; returns the way to stop. @type {Store["subscribe"]} */
  function subscribe(keys, listener) {
    const entry = { keys, listener };
    listeners.add(entry);
    return () => listeners.delete(entry);
  }

  return { get: () => state, set, commit: committing(set), subscribe };
}

/** Modes that lead through the others: they set the stage, and bring back what the visitor had. */
export const LESSONS = ["tour", "exercises"];

/**
 * A store in which `fresh` is set whenever one of `keys` changes, and `apart` with the mode, unless the patch that
 * changes it says otherwise. Nothing is renewed for a lesson, which remembers all that the visitor had.
 * @param {State} initial @param {string[]} keys @param {Partial<State>} fresh @param {Partial<State>} apart
 * @returns {Store}
 */
export function createRenewingStore(initial, keys, fresh, apart = {}) {
  const store = createStore(initial);
  /** @param {Partial<State>} patch */
  const changes = (patch) => (key) =>
    key in patch && !same(patch[key], store.get()[key]) && !(key === "mode" && LESSONS.includes(patch.mode));
  /** @type {Store["set"]} */
  const set = (patch, options) => {
    const anew = { ...(keys.some(changes(patch)) ? fresh : {}), ...(changes(patch)("mode") ? apart : {}) };
    const renewed = Object.keys(anew).filter((key) => !(key in patch));
    store.set({ ...anew, ...patch }, { ...options, renewed });
  };
  return { ...store, set, commit: committing(set) };
}

/** @returns {Store["commit"]} */
const committing = (/** @type {Store["set"]} */ set) => (patch) => set(patch, { commit: true });

/** True of equal values, and of arrays of equal ones. */
export function same(a, b) {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((entry, i) => entry === b[i]);
}
