/** The state in the query string: read key by key, a malformed value is passed over, defaults are left out. */

/** How one kind of value is read from text and written to it; `read` gives undefined for what it cannot accept. */
export const kinds = {
  oneOf: (...allowed) => ({ read: (text) => (allowed.includes(text) ? text : undefined), write: String }),
  flag: { read: (text) => ({ 1: true, 0: false })[text], write: (value) => (value ? "1" : "0") },
  whole: (low, high) => ({
    read: (text) => (/^\d{1,10}$/.test(text) && +text >= low && +text <= high ? +text : undefined),
    write: String,
  }),
  real: (accepts) => ({ read: (text) => readReal(text, accepts), write: short }),
  reals: (length, limit, accepts = () => true) => ({
    read: (text) => {
      const values = text.split(",").map((part) => readReal(part, (x) => Math.abs(x) <= limit));
      return values.length === length && !values.includes(undefined) && accepts(values) ? values : undefined;
    },
    write: (values) => values.map(short).join(","),
  }),
  /** One of a few whole numbers. */
  among: (...allowed) => ({ read: (text) => allowed.find((value) => String(value) === text), write: String }),
  wholes: (high) => ({
    read: (
      text,
    ) => (/^\d+(,\d+)*$/.test(text) && text.split(",").every((x) => +x <= high)
      ? text.split(",").map(Number)
      : undefined),
    write: (values) => values.join(","),
  }),
  /** At most `length` whole numbers. */
  few: (length, high) => {
    const any = kinds.wholes(high);
    const read = (text) => {
      const values = any.read(text);
      return values && values.length <= length ? values : undefined;
    };
    return { ...any, read };
  },
  /** At most `most` points of the plane, no coordinate beyond `limit`, one number after the other. */
  points: (most, limit) => ({
    read: (text) => {
      const values = text.split(",").map((part) => readReal(part, (x) => Math.abs(x) <= limit));
      return values.length % 2 === 0 && values.length <= 2 * most && !values.includes(undefined) ? values : undefined;
    },
    write: (values) => values.map(short).join(","),
  }),
  /** `bytes` bytes as unpadded base64url text; the state keeps the text. */
  bytes: (bytes) => ({
    read: (text) => (/^[\w-]+$/.test(text) && text.length === Math.ceil((bytes * 4) / 3) ? text : undefined),
    write: String,
  }),
};

/** @param {Record<string, {kind: object, initial: any}>} fields */
export function readAddress(fields, search = location.search) {
  const query = new URLSearchParams(search);
  const state = {};
  for (const [key, { kind, initial }] of Object.entries(fields)) {
    const value = query.has(key) ? kind.read(query.get(key)) : undefined;
    state[key] = value === undefined ? initial : value;
  }
  return state;
}

/**
 * Writes what differs from its initial value, and leaves the keys of others as they are; another mode is a step in the
 * browser's history where it `steps`.
 */
function writeAddress(fields, state, { steps = true } = {}) {
  const query = new URLSearchParams(location.search);
  const isStep = steps && readAddress({ mode: fields.mode }).mode !== state.mode;
  for (const [key, { kind, initial }] of Object.entries(fields)) {
    const value = state[key];
    const plain = value === null || value === undefined ||
      kind.write(value) === (initial === null ? null : kind.write(initial));
    if (plain) query.delete(key);
    else query.set(key, kind.write(value));
  }
  const text = query.toString().replaceAll("%2C", ",");
  const address = `${location.pathname}${text ? `?${text}` : ""}${location.hash}`;
  history[isStep ? "pushState" : "replaceState"](history.state, "", address);
}

const firstTab = () => document.querySelector("#families [data-tab-id]");
const tabButton = (tab) => document.querySelector(`#families [data-tab-id="${CSS.escape(tab)}"]`);

/** The tab that the address is about; where it names none, the page's first one. */
const wantedTab = () => new URLSearchParams(location.search).get("tab") ?? firstTab()?.dataset.tabId;

/** The query string where it is about this tab, else none. */
export const queryOf = (tab) => (wantedTab() === tab ? location.search : "");

/**
 * Keeps the address and the page's title in step with a tab's state while its stage is in sight, and the state in
 * step with the browser's history; which tab is open is for the page itself.
 *
 * @param {Element} root
 * @param {object} store its `mode` is one of `modes`
 * @param {{tab: string, fields: object, modes: {id: string, title: string}[]}} kept
 */
export function keepAddress(root, store, { tab, fields, modes }) {
  const isShown = () => root.clientWidth > 0;
  const name = () => {
    const mode = modes.find(({ id }) => id === store.get().mode);
    document.title = [mode.title, tabButton(tab)?.textContent.trim(), "Explorer"].filter(Boolean).join(" · ");
  };
  store.subscribe(null, (changed, { commit, state }) => {
    if (!isShown()) return;
    if (commit) writeAddress(fields, state);
    if (changed.has("mode")) name();
  });
  whenShown(root, (again) => {
    if (again) writeAddress(fields, store.get(), { steps: false });
    name();
  });
  addEventListener("popstate", () => {
    if (wantedTab() === tab) store.set(readAddress(fields), { commit: true });
  });
}

/**
 * Calls `work` when `root` is shown, and says whether it was hidden before: then other tabs have written the address.
 */
function whenShown(root, work) {
  let [shown, again] = [false, false];
  new ResizeObserver(() => {
    const wasShown = shown;
    shown = root.clientWidth > 0;
    if (shown && !wasShown) work(again);
    again ||= !shown;
  }).observe(root);
}

function readReal(text, accepts) {
  if (!/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && accepts(value) ? value : undefined;
}

const short = (value) => String(Number(value.toPrecision(5)));
