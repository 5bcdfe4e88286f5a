/**
 * Asks ahead for a tab that nobody has opened yet: what the server tells of the tab is read, and its script asks as it
 * would on the page. Nothing of the tab is laid out.
 */

import { page } from "../kit/shell/opened.js";

const MODULE = /explorer\/stages\/[\w/]+stage\.js/;
const ROOM = "run/predict"; // where the page asks for the content of a tab

/** @type {Map<string, Promise<AskAheadOf | null>>} */
const known = new Map();

/** What asks ahead for a tab; null where nothing does, or while the line is down. @param {string} tab */
export function askerOf(tab) {
  if (!known.has(tab)) known.set(tab, read(tab).catch(() => (known.delete(tab), null)));
  return known.get(tab);
}

/** @param {string} tab @returns {Promise<AskAheadOf | null>} */
async function read(tab) {
  const { root, api_prefix: prefix } = globalThis.gradio_config;
  const stage = await declared(tab);
  const [address] = stage.props.js_on_load.match(MODULE);
  const base = `${root}${prefix}/file=`;
  const { mount } = await import(`${base}${address}`);
  const nothing = { element: document.createElement("div"), trigger() {}, watch() {} };
  return new Promise((elsewhere) =>
    mount({ ...nothing, props: stage.props, server: serverOf(stage.id), base, elsewhere })
  );
}

/** The component of a tab's stage, as the server tells of it. @param {string} tab */
async function declared(tab) {
  const { components, layout } = globalThis.gradio_config;
  const { id } = components.find(({ type, props }) => type === "tabitem" && props.id === tab);
  const place = at(layout, id).children[0].children[0].id; // the sentence that stands for the tab's content
  const { render_config: room } = await sent(ROOM, { data: [], trigger_id: place, session_hash: page });
  return room.components.find(({ props }) => props.elem_id === `${tab}-stage`);
}

/** The node of a component in a layout. */
const at = (node, id) => node.id === id ? node : (node.children ?? []).map((each) => at(each, id)).find(Boolean);

/** The server functions of a component. @param {number} component @returns {Server} */
function serverOf(component) {
  const ask = (/** @type {string} */ name) => (/** @type {unknown} */ data) =>
    sent("component_server", { data, component_id: component, fn_name: name, session_hash: page });
  return /** @type {Server} */ (new Proxy({}, { get: (_, name) => ask(String(name)) }));
}

/** The server's answer to a question of the page. @param {string} path @param {Record<string, unknown>} body */
async function sent(path, body) {
  const { root, api_prefix: prefix } = globalThis.gradio_config;
  const headers = { "content-type": "application/json" };
  const found = await fetch(`${root}${prefix}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!found.ok) throw new Error(`${path}: ${found.status}`);
  return found.json();
}
