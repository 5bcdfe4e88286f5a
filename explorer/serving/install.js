/**
 * Has a service worker keep the page for use without a line; where the server offers none, what was kept is removed.
 * A page in a frame keeps nothing.
 */
{
  const [AFTER_MS, SPREAD_MS] = [5_000, 60_000]; // so that a class that opens the page at once does not wait for it
  const workers = navigator.serviceWorker; // none over plain http, but from this machine
  const root = `${globalThis.gradio_config.root}/`;
  const isAlone = globalThis.top === globalThis.self &&
    !new URLSearchParams(globalThis.explorerAddress.search).has("embed");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  /** Has the worker keep what this page has used, and what the server packs. */
  async function keep(packs) {
    const used = performance.getEntriesByType("resource").map(({ name }) => name);
    (await workers.ready).active?.postMessage({ used: [location.href, ...used], packs });
  }

  async function install() {
    await pause(AFTER_MS);
    await workers.register(`${root}offline.js`, { scope: root, updateViaCache: "none" });
    workers.addEventListener("controllerchange", () => keep(false));
    await keep(false);
    if (/** @type {any} */ (navigator).connection?.saveData) return;
    await pause(Math.random() * SPREAD_MS);
    await keep(true);
  }

  async function remove() {
    const found = (await workers.getRegistrations()).find(({ scope }) => scope === root);
    await found?.unregister();
    const names = found ? await caches.keys() : [];
    await Promise.all(names.filter((name) => name.startsWith(`explorer ${root} `)).map((name) => caches.delete(name)));
  }

  const work = globalThis.explorerBuild ? install : remove;
  if (workers && isAlone) addEventListener("load", () => work().catch((error) => console.warn(error.message)));
}
