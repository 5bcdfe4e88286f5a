/**
 * Runs in the page before Gradio does, so that from the first frame on the theme and the tab are those of the address.
 */
{
  const query = new URLSearchParams(location.search);
  const theme = query.get("__theme");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.classList.toggle("dark", theme === "dark" || (dark && theme !== "light"));

  const { components, root, api_prefix: prefix } = globalThis.gradio_config;
  const propsOf = (id) => components.find(({ props }) => props.elem_id === id)?.props;
  const first = components.find(({ type }) => type === "tabitem").props.id;
  const tab = propsOf(`${query.get("tab")}-stage`) ? query.get("tab") : first;
  propsOf("families").selected = tab;

  /* what the tab shows is read before what Gradio needs for the text below it */
  const [module] = propsOf(`${tab}-stage`).js_on_load.match(/explorer[\w/]+stage\.js/);
  import(`${root}${prefix}/file=${module}`).catch(() => {});
}
