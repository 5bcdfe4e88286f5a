/**
 * The navigation: the tabs, grouped by how a family answers for p(x), with the modes of the open one. It stands beside
 * a wide page; on a narrow one a button opens it.
 */
{
  const GROUPS = {
    first: "",
    exact: "Exact p(x)",
    bound: "Bound or estimate of p(x)",
    ratio: "Relative p(x)",
    none: "No p(x)",
    all: "Side by side",
  };
  const WIDE = matchMedia("(min-width: 1136px)");
  const MOVES = { ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, Home: () => 0, End: () => -1 };
  const items = globalThis.gradio_config.components.filter(({ type, props }) => type === "tabitem" && props.id);
  const lists = new Map(); // the list of modes of each open tab, with its place on a narrow page
  const menus = new Map(); // its menus, with their place on a wide page

  const element = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children.map(globalThis.explorerSay));
    return made;
  };

  const families = new Map(items.map(({ props: { id, label } }) => {
    const link = element("a", { href: `?tab=${id}`, className: "nav-family", tabIndex: -1 }, label);
    link.dataset.tab = id;
    const [modes, menus] = ["nav-modes", "nav-menus"].map((className) => element("div", { className }));
    return [id, { link, modes, menus }];
  }));

  const finder = (...words) => {
    const title = globalThis.explorerSay("Find a tab, a mode, a term (Ctrl K)");
    const onclick = () => globalThis.explorerFind();
    return element("button", { type: "button", className: "nav-find", title, onclick }, ...words);
  };
  const list = element("div", { className: "nav-list" });
  for (const [group, title] of Object.entries(GROUPS)) {
    const members = items.filter(({ props }) => (props.elem_classes ?? []).includes(`group-${group}`));
    if (!members.length) continue;
    const name = element("p", { className: "nav-group" }, title);
    name.dataset.group = group;
    if (title) list.append(name);
    for (const { props } of members) {
      const { link, modes } = families.get(props.id);
      link.dataset.group = group;
      list.append(link, modes);
    }
  }
  const brand = () => {
    const link = element("a", { href: "?tab=start", className: "nav-brand" }, "Explorer");
    link.dataset.tab = "start";
    link.tabIndex = -1; // Start is the first of the families
    return link;
  };
  const head = element("div", { className: "nav-head" }, brand(), finder("Find", element("kbd", {}, "Ctrl K")));
  const nav = element("nav", { className: "nav", id: "nav" }, head, list);
  nav.setAttribute("aria-label", globalThis.explorerSay("Families"));

  const skip = element("a", { className: "skip", href: "#families" }, "Skip to the picture");
  const opener = element(
    "button",
    { type: "button", className: "nav-opener", onclick: () => unfold(!isOpen()) },
    "Families",
  );
  opener.setAttribute("aria-controls", "nav");
  const places = [...families.values()].map(({ menus }) => menus);
  const bar = element("header", { className: "nav-bar" }, opener, brand(), ...places, finder("Find"));
  document.body.prepend(skip, bar, nav);

  const isOpen = () => document.documentElement.classList.contains("nav-open");

  /** Shows the navigation over a narrow page, or hides it. */
  const unfold = (on) => {
    document.documentElement.classList.toggle("nav-open", on);
    opener.setAttribute("aria-expanded", String(on));
    if (on) nav.querySelector("[aria-current]")?.focus();
  };
  unfold(false);

  /** True if the picture stands alone, on a projector or in another page. */
  const isAlone = () => ["projector", "embedded"].some((name) => document.documentElement.classList.contains(name));

  /** True if the navigation stands beside the page, and has the modes. */
  const isBeside = () => WIDE.matches && !isAlone();

  /** Puts each list of modes into the navigation, or above its stage. */
  const lay = () => {
    for (const [tab, { modes, home }] of lists) {
      const into = isBeside() ? families.get(tab)?.modes : home;
      if (into && modes.parentElement !== into) into.replaceChildren(modes);
      modes.setAttribute("aria-orientation", isBeside() ? "vertical" : "horizontal");
    }
    const inBar = !WIDE.matches && !isAlone();
    for (const [tab, { element, home }] of menus) {
      const into = inBar ? families.get(tab)?.menus : home;
      if (!into || element.parentElement === into) continue;
      into.append(element);
      element.dispatchEvent(new FocusEvent("focusin")); // it is a tab stop of its own, or one of its row
    }
  };
  WIDE.addEventListener("change", lay);
  globalThis.layModes = lay;

  /** Takes the list of modes of a tab; `home` is its place where the navigation is not beside the page. */
  globalThis.takeModes = (tab, modes, home) => {
    lists.set(tab, { modes, home });
    lay();
    if (families.get(tab)?.link.hasAttribute("aria-current")) bringIntoSight(tab);
  };

  /** Takes the menus of a tab: on a narrow page they stay in reach. */
  globalThis.takeMenus = (tab, element, home) => {
    menus.set(tab, { element, home });
    lay();
  };

  /** Scrolls the navigation to a tab with all of its modes. */
  function bringIntoSight(tab) {
    const family = families.get(tab);
    family?.modes.scrollIntoView({ block: "nearest" });
    family?.link.scrollIntoView({ block: "nearest" });
  }

  /** Marks the open tab. */
  globalThis.markTab = (tab) => {
    for (const [name, { link, modes, menus }] of families) {
      const chosen = name === tab;
      if (chosen) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
      link.tabIndex = chosen ? 0 : -1;
      modes.hidden = menus.hidden = !chosen;
    }
    bringIntoSight(tab);
  };

  /** Names of the modes of the tab that the page opens with: they keep the place of its list. */
  function expected(tab) {
    const isStage = ({ props }) => props.elem_id === `${tab}-stage`;
    const { modes = [] } = globalThis.gradio_config.components.find(isStage)?.props.value ?? {};
    const names = modes.filter(({ group }) => group).map(({ entry, title }) => entry ?? title);
    return [...new Set(names)].map((name) => element("span", { className: "tab", ariaHidden: "true" }, name));
  }
  const first = globalThis.tabOf(globalThis.explorerAddress.search);
  if (isBeside()) families.get(first)?.modes.append(...expected(first));
  globalThis.markTab(first);

  addEventListener("click", (event) => {
    const link = event.target.closest?.(".nav a[data-tab], .nav-brand");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    globalThis.openTab(link.dataset.tab);
    unfold(false);
  });

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      unfold(false);
      opener.focus();
    }
    const links = [...families.values()].map(({ link }) => link);
    const at = links.indexOf(document.activeElement);
    if (at < 0 || !(event.key in MOVES)) return;
    const next = links.at(MOVES[event.key](at) % links.length);
    for (const link of links) link.tabIndex = link === next ? 0 : -1; // one stop, wherever it is
    next.focus();
    event.preventDefault();
  });
  addEventListener("pointerdown", (event) => isOpen() && !event.target.closest?.(".nav, .nav-bar") && unfold(false));
}
