/**
 * The address of this page, and the one place that writes the browser's history. Browsers refuse frequent writes, Safari
 * more than 100 in 30 seconds. So at most two a second are made; the others wait, and the last one is always made.
 */
{
  const [MOST, WITHIN_MS] = [2, 1000];
  const LONGEST = 20; // steps that wait
  let [waiting, times, timer] = [[], [], 0];

  /** Writes an address; false where the browser refuses. */
  function write({ address, step }) {
    times = [...times, performance.now()].slice(-MOST);
    try {
      history[step ? "pushState" : "replaceState"](history.state, "", address);
      return true;
    } catch {
      return false;
    }
  }

  /** Milliseconds until another write may be made. */
  const rest = () => times.length < MOST ? 0 : Math.max(0, times[0] + WITHIN_MS - performance.now());

  function go() {
    timer = 0;
    while (waiting.length && !rest() && write(waiting[0])) waiting.shift();
    if (waiting.length) timer = setTimeout(go, rest() || WITHIN_MS);
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
      if (!timer) go();
    },
  };

  addEventListener("popstate", ({ isTrusted }) => {
    if (isTrusted) waiting = []; // the visitor went elsewhere
  });
  addEventListener("pagehide", () => {
    const last = waiting.at(-1);
    if (last && write({ ...last, step: waiting.some(({ step }) => step) })) waiting = [];
  });
}
