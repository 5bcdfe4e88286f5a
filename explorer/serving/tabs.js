/**
 * The open tab is part of the address, the browser's history leads from tab to tab, and what a tab shows is asked for
 * until it comes.
 */
{
  const UNREACHED = "This part could not be read; perhaps the line is down. It is asked for again every few seconds.";
  const GRADIOS = /\/run\/predict(\?|$)/;
  const RETRY_MS = 3000;
  const STAY = ["course", "embed", "page"]; // whatever tab is opened meanwhile
  const ours = globalThis.explorerAddress;
  const LATER = [429, 502, 503, 504];

  const tabs = globalThis.gradio_config.components.filter(({ type, props }) => type === "tabitem" && props.id)
    .map(({ props }) => props);
  const names = tabs.map(({ id }) => id);

  /** The query of an address, mended and as it is written today, as `current` of page.py has it. */
  const currentOf = (search) => {
    const query = new URLSearchParams(globalThis.explorerMend(search, globalThis.earlier.texts));
    const isSaid = ([key, value]) => query.get(key)?.toLowerCase() === value;
    const [, now] = globalThis.earlier.moved.find(([before]) => Object.entries(before).every(isSaid)) ?? [];
    for (const [key, value] of Object.entries(now ?? {})) query.set(key, value);
    return query;
  };

  const written = (query) => query.toString().replaceAll("%2C", ",");

  /** Replaces a damaged or a former address by that of today. */
  function renew() {
    const { href, search } = ours;
    const now = written(currentOf(search));
    const hash = new URL(href).hash.replace(/[^\w-]+$/, "");
    if (now !== written(new URLSearchParams(search))) ours.write(`${location.pathname}?${now}${hash}`);
  }
  renew();

  /** The tab that an address is about, as `requested_view` of page.py has it. */
  globalThis.tabOf = (search) => {
    const query = new URLSearchParams(search);
    if (names.includes(query.get("tab"))) return query.get("tab");
    const { tab, keys } = globalThis.earlier;
    return !query.has("tab") && keys.some((key) => query.has(key)) ? tab : names[0];
  };

  const wanted = () => globalThis.tabOf(ours.search);
  let open = wanted();
  let leads = true; // whether the address says which tab is to be open: until the visitor does something

  for (const gesture of ["click", "keydown"]) {
    addEventListener(gesture, ({ isTrusted }) => isTrusted && (leads = false), true);
  }

  /** Opens a tab, as a visitor would. */
  globalThis.openTab = (name) => {
    leads = false;
    press(name);
  };

  /** Presses a tab's button, or on a narrow page its line in the menu, which has a title alone. */
  function press(name) {
    const title = tabs.find(({ id }) => id === name)?.label;
    const inMenu = [...document.querySelectorAll("#families > .tab-wrapper .overflow-dropdown button")];
    const button = document.querySelector(`#families [data-tab-id="${name}"]`) ??
      inMenu.find(({ textContent }) => textContent.trim() === title);
    button?.click();
  }

  /**
   * Makes the tab that was opened a step in the history. Gradio tells of each, the first too, and on a busy machine late:
   * where the address has led elsewhere meanwhile, that is opened.
   */
  globalThis.rememberTab = (name) => {
    open = name;
    globalThis.markTab(name);
    requestAnimationFrame(globalThis.keepText);
    if (wanted() === name) return;
    if (leads) return press(wanted());
    const address = new URL(ours.href);
    const query = address.searchParams;
    for (const key of [...query.keys()]) if (!STAY.includes(key) && !key.startsWith("__")) query.delete(key);
    query.set("tab", name);
    address.hash = "";
    ours.write(address, { step: true });
  };

  addEventListener("popstate", () => {
    renew();
    leads = true;
    if (wanted() !== open) press(wanted());
  });

  /** Goes to an address of ours in this very page: every tab follows, as it follows the browser's history. */
  globalThis.goTo = (search) => {
    const query = currentOf(search);
    const stays = (/** @type {[string, string]} */ [key]) =>
      (STAY.includes(key) || key.startsWith("__")) && !query.has(key);
    for (const [key, value] of [...new URLSearchParams(ours.search)].filter(stays)) query.set(key, value);
    ours.write(`${location.pathname}?${written(query)}`, { step: true });
    dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    document.querySelector("#families")?.scrollIntoView({ block: "start" });
  };

  /** True if a click wants the link in this very page. */
  const isPlain = ({ button, ctrlKey, metaKey, shiftKey, altKey }) =>
    button === 0 && !(ctrlKey || metaKey || shiftKey || altKey);

  /** True if a link is to a state of this page, even if Gradio would have it in another; a course begins with the page. */
  function isOurs({ origin, pathname, search, hash }) {
    const query = currentOf(search);
    const here = origin === location.origin && pathname === location.pathname && !hash;
    return here && names.includes(query.get("tab")) && !query.has("course") && !query.has("story");
  }

  addEventListener("click", (event) => {
    /** @type {HTMLAnchorElement} */
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || !isPlain(event) || !isOurs(link)) return;
    event.preventDefault();
    globalThis.goTo(link.search);
  });

  /* Gradio gives the whole page up when a question of its own does not get through: so it is asked until it does */
  const send = globalThis.fetch;
  globalThis.fetch = async (where, options) => {
    if (!GRADIOS.test(String(where))) return send(where, options);
    for (;;) {
      const found = await send(where, options).catch(() => null);
      if (found && !LATER.includes(found.status)) return inTheLanguage(found);
      for (const each of document.querySelectorAll(".entering")) each.textContent = globalThis.explorerSay(UNREACHED);
      await someTime();
    }
  };

  /** A room of the page, with its texts in the language of the page. */
  async function inTheLanguage(answer) {
    if (!globalThis.explorerWords || !answer.ok) return answer;
    const room = await answer.json();
    globalThis.explorerTranslate(room.render_config?.components ?? []);
    return new Response(JSON.stringify(room), {
      status: answer.status,
      headers: { "content-type": "application/json" },
    });
  }

  /** Until it makes sense to ask again: some seconds, or when the line is back. */
  function someTime() {
    return new Promise((done) => {
      setTimeout(done, RETRY_MS);
      addEventListener("online", done, { once: true });
    });
  }
}
