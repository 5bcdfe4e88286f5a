/**
 * The address of this page, and the one place that writes the browser's history. Browsers refuse frequent writes, Safari
 * more than 100 in 30 seconds. So at most 20 in ten seconds are made, and at most two a second where the address is only
 * replaced; the others wait, and the last one is always made. A step is written at once, so that Back leads to it.
 */
{
  const LIMIT = [20, 10_000]; // writes, within so many milliseconds
  const LIMIT_OF_REPLACING = [2, 1000];
  const AGAIN_MS = 1000; // after a refused write
  const LONGEST = 20; // steps that wait
  let [waiting, times, timer] = [[], [], 0];

  /** Writes an address; false where the browser refuses. */
  function write({ address, step }) {
    times = [...times, performance.now()].slice(-LIMIT[0]);
    try {
      history[step ? "pushState" : "replaceState"](history.state, "", address);
      globalThis.explorerFollowLanguage?.(new URL(location.href).search);
      return true;
    } catch {
      return false;
    }
  }

  /** Milliseconds until another write may be made under a limit. */
  const restOf = (/** @type {number[]} */ [most, withinMs]) =>
    Math.max(0, (times.at(-most) ?? -Infinity) + withinMs - performance.now());
  const rest = () => Math.max(restOf(LIMIT), waiting.some(({ step }) => step) ? 0 : restOf(LIMIT_OF_REPLACING));

  function go() {
    clearTimeout(timer);
    timer = 0;
    while (waiting.length && !rest() && write(waiting[0])) waiting.shift();
    if (waiting.length) timer = setTimeout(go, rest() || AGAIN_MS);
  }

  const url = () => new URL(waiting.at(-1)?.address ?? location.href);

  /** What the address says: that of the browser, or the one that it is about to have. */
  globalThis.explorerAddress = {
    get href() {
      return url().href;
    },
    get search() {
      return url().search;
    },

    /** Replaces the address, or makes a `step` in the history; `to` may be relative to the page. */
    write(to, { step = false } = {}) {
      const address = new URL(to, url()).href;
      if (address === url().href) return;
      if (step || !waiting.length) waiting.push({ address, step });
      else waiting.at(-1).address = address;
      if (waiting.length > LONGEST) waiting.shift();
      if (step || !timer) go();
    },
  };

  addEventListener("popstate", ({ isTrusted }) => {
    if (!isTrusted) return;
    waiting = []; // the visitor went elsewhere
    globalThis.explorerFollowLanguage?.(new URL(location.href).search);
  });
  addEventListener("pagehide", () => {
    const last = waiting.at(-1);
    if (last && write({ ...last, step: waiting.some(({ step }) => step) })) waiting = [];
  });
}
