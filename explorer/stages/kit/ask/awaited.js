/** What several questions lead to, one after the other. */

import { whenever } from "../base/live.js";
import { batch, computed, signal, untracked } from "../base/vendor/signals-core.js";

const NOTHING = { of: null, value: null };

/**
 * Has `read()` find what `key()` names, null for nothing; it resolves to null if that failed. Returns signals: the newest
 * `value`, which stays until the next one is there, and the key that it is `of`; whether it `isCurrent`; and whether the
 * one that is wanted `isPending`, or has `failed`.
 * @template Value
 * @param {import("../panel/mode.js").Self} self
 * @param {() => string | null} key what it reads is followed
 * @param {() => Promise<Value | null>} read
 */
export function awaited({ visits }, key, read) {
  const wanted = computed(key);
  const found = signal(/** @type {{of: string | null, value: Value | null}} */ (NOTHING));
  const lost = signal(/** @type {string | null} */ (null));
  let turn = 0;

  /** @param {string} of */
  async function ask(of) {
    const mine = ++turn;
    const value = await read();
    if (mine !== turn) return;
    if (value === null) lost.value = of;
    else found.value = { of, value };
  }

  /** @param {string | null} of */
  function want(of) {
    lost.value = null;
    if (found.peek().of !== of) return of === null ? forget() : ask(of);
    turn++;
  }

  function forget() {
    turn++;
    found.value = NOTHING;
  }

  whenever(() => {
    const of = wanted.value;
    if (visits.value) untracked(() => batch(() => void want(of)));
  });
  const isCurrent = computed(() => found.value.value !== null && found.value.of === wanted.value);
  const failed = computed(() => lost.value !== null && lost.value === wanted.value);
  return {
    value: computed(() => found.value.value),
    of: computed(() => found.value.of),
    isPending: computed(() => wanted.value !== null && !isCurrent.value && !failed.value),
    ...{ isCurrent, failed },
  };
}
