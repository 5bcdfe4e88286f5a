/**
 * The open tab is part of the address, the browser's history leads from tab to tab, and what a tab shows is asked for
 * until it comes.
 */
{
  const UNREACHED = "This tab could not be read; perhaps the line is down. It is asked for again every few seconds.";
  const GRADIOS = /\/run\/predict(\?|$)/;
  const RETRY_MS = 3000;
  const LATER = [429, 502, 503, 504];

  const names = globalThis.gradio_config.components.filter(({ type, props }) => type === "tabitem" && props.id)
    .map(({ props }) => props.id);

  /** The tab that the address is about: the first one where it names none that there is. */
  function wanted() {
    const name = new URLSearchParams(location.search).get("tab");
    return names.includes(name) ? name : names[0];
  }

  /** Makes the tab that was opened a step in the history. */
  globalThis.rememberTab = (name) => {
    if (wanted() === name) return;
    const address = new URL(location.href);
    const query = address.searchParams;
    for (const key of [...query.keys()]) if (!key.startsWith("__")) query.delete(key);
    query.set("tab", name);
    history.pushState(history.state, "", address);
  };

  addEventListener("popstate", () => {
    const button = document.querySelector(`#families [data-tab-id="${wanted()}"]`);
    if (button?.getAttribute("aria-selected") === "false") button.click();
  });

  /* Gradio gives the whole page up when a question of its own does not get through: so it is asked until it does */
  const send = globalThis.fetch;
  globalThis.fetch = async (where, options) => {
    if (!GRADIOS.test(where)) return send(where, options);
    for (;;) {
      const found = await send(where, options).catch(() => null);
      if (found && !LATER.includes(found.status)) return found;
      for (const each of document.querySelectorAll(".entering")) each.textContent = UNREACHED;
      await someTime();
    }
  };

  /** Until it makes sense to ask again: some seconds, or when the line is back. */
  function someTime() {
    return new Promise((done) => {
      setTimeout(done, RETRY_MS);
      addEventListener("online", done, { once: true });
    });
  }
}
