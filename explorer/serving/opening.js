/**
 * Runs in the page before Gradio does, so that from the first frame on the theme is that of the address, and what the
 * tab shows is read before what Gradio needs for the text below it.
 */
{
  const theme = new URLSearchParams(globalThis.explorerAddress.search).get("__theme");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.classList.toggle("dark", theme === "dark" || (dark && theme !== "light"));

  const { components, api_prefix: prefix } = globalThis.gradio_config;
  const { href } = new URL(globalThis.gradio_config.root || "/", location.href);
  const root = globalThis.gradio_config.root = href.replace(/\/$/, "");
  const stage = components.find(({ props }) => props.elem_classes?.includes("stage-block"));
  const [module] = stage.props.js_on_load.match(/explorer[\w/]+stage\.js/);
  import(`${root}${prefix}/file=${module}`).catch(() => {});

  /** Every tab, mode and term by a few letters; Ctrl or Command and K. */
  globalThis.explorerFind = () =>
    import(`${root}${prefix}/file=explorer/stages/finder/finder.js`).then(({ find }) => find(), () => {});
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    globalThis.explorerFind();
  });

  /** The course that a visitor makes of states of the page. */
  globalThis.explorerCollect = () =>
    import(`${root}${prefix}/file=explorer/stages/course/own.js`).then(({ collect }) => collect(), () => {});

  /** A network of the visitor's own. */
  globalThis.explorerOpen = () =>
    import(`${root}${prefix}/file=explorer/stages/opener/opener.js`).then(({ open }) => open(), () => {});

  const query = new URLSearchParams(globalThis.explorerAddress.search);
  const classroom = (name) => import(`${root}${prefix}/file=explorer/stages/classroom/${name}.js`);
  /** Opens a room for a class, or goes on with it. */
  globalThis.explorerClass = () => classroom("lecture").then(({ begin }) => begin());
  const kept = import(`${root}${prefix}/file=explorer/stages/kit/base/kept.js`);
  kept.then(({ ofVisit }) => ofVisit("room of a class") && globalThis.explorerClass(), () => {});
  /** Opens the log of a class from a file. */
  globalThis.explorerReplay = () => classroom("replay").then(({ open }) => open());
  const replays = (found) => found || location.hash.startsWith("#replay=");
  kept.then(
    ({ ofVisit }) => replays(ofVisit("replay of a class")) && classroom("replay").then(({ begin }) => begin()),
    () => {},
  );
  if (query.has("__class")) classroom("follow").then(({ begin }) => begin(), () => {});

  const { classList } = document.documentElement;
  /** True unless this browser has switched keys off that act alone, such as P; the header of a stage knows. */
  globalThis.explorerKeys ??= () => true;
  const keys = () => import(`${root}${prefix}/file=explorer/stages/present/keys.js`).catch(() => {});
  const styles = new Map();
  /** Loads a style sheet on request; after a failure, again with the next one. */
  const load = (sheet) => {
    const loading = styles.get(sheet) ?? new Promise((done) => {
      const link = document.createElement("link");
      const failed = () => {
        styles.delete(sheet);
        link.remove();
        done();
      };
      Object.assign(link, { rel: "stylesheet", onload: done, onerror: failed });
      link.setAttribute("blocking", "render");
      link.href = `${root}${prefix}/file=explorer/stages/${sheet}`;
      document.head.append(link);
    });
    styles.set(sheet, loading);
    return loading;
  };
  const present = () => load("present/present.css");
  if (query.get("__type") === "projector") {
    classList.add("projector");
    keys();
    present();
  }

  const embed = (name) => import(`${root}${prefix}/file=explorer/stages/embed/${name}.js`);
  /** The HTML that shows the present state in another page. */
  globalThis.explorerEmbed = () => embed("share").then(({ openEmbed }) => openEmbed());
  const isEmbedded = query.get("embed") === "1";
  if (isEmbedded) {
    classList.add("embedded");
    present();
    load("embed/embed.css");
    embed("embed").then(({ begin }) => begin(), () => {});
  }

  /** Large type, and nothing but the picture, one control, one number and one sentence. The address says so. Key P. */
  globalThis.explorerPresent = async () => {
    if (isEmbedded) return;
    keys();
    await present();
    const address = new URL(globalThis.explorerAddress.href);
    if (classList.toggle("projector")) address.searchParams.set("__type", "projector");
    else address.searchParams.delete("__type");
    globalThis.explorerAddress.write(address);
    globalThis.layModes?.();
    document.dispatchEvent(new Event("explorer-present"));
  };
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]") || !globalThis.explorerKeys()) return;
    globalThis.explorerPresent();
  });

  /** The story of a tab, on its own stage. */
  globalThis.explorerStory = (name) =>
    import(`${root}${prefix}/file=explorer/stages/story/story.js`).then(({ begin }) => begin(name), () => {});
  if (query.has("story")) globalThis.explorerStory();

  if (query.has("course")) {
    keys();
    import(`${root}${prefix}/file=explorer/stages/course/course.js`).then(({ begin }) => begin());
  }
}
