/**
 * Service worker: keeps the page for use without a line. The page itself, and files whose address does not change with
 * them, come from the server whenever it answers; of the others, what is kept comes first. It keeps files that are the
 * same for everybody: no answer to a question, no room of a class, and no page in a frame of another site.
 */

const BUILD = "BUILD"; // set by the server; empty where this is switched off
const ROOT = new URL("./", location.href).href;
const OURS = `explorer ${ROOT} `;
const NAME = `${OURS}${BUILD}`;
const PACKED = `${NAME} pack`; // never trimmed: the server says what is in it
const [MOST, LARGEST] = [48e6, 8e6]; // bytes that are kept, and of one file
const [PAUSE_MS, TRIM_MS] = [150, 2000];
const DOWN = [502, 503, 504]; // a proxy answers, and the app does not
const LASTING = /^(assets|gradio_api\/file=explorer-[\da-f]+)\/|\?v=[\da-f]+$/;
const FRESH =
  /^(static\/|(gradio_api\/)?theme\.css|gradio_api\/file=(?!http)|favicon\.ico|icon-[\w-]+\.png|manifest\.json)/;
const IS_PAGE = /^(\?|$)/;
const [ROOMS, MARK] = ["offline/rooms/", "offline/pack"]; // addresses that the server does not know
const FIELDS = ["content-type", "content-security-policy", "x-content-type-options", "explorer-page"];

/** @param {string} address @param {string} name */
const keptIn = async (address, name) => (await caches.open(name)).match(address);
/** @param {string} address */
const kept = async (address) => (await keptIn(address, NAME)) ?? keptIn(address, PACKED);
const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));
/** @param {Response | undefined} found */
const isDown = (found) => !found || DOWN.includes(found.status);

let isTrimming = false;

/**
 * Keeps a response under an address, as the newest, unless it is somebody's own or too large.
 * @param {string} address @param {Response} found
 */
async function keep(address, found, name = NAME) {
  const isOwn = /private|no-store/.test(found.headers.get("cache-control") ?? "");
  if (found.status !== 200 || found.redirected || isOwn || Number(found.headers.get("content-length")) > LARGEST) {
    return;
  }
  const blob = await found.blob();
  if (blob.size > LARGEST) return;
  const said = FIELDS.filter((field) => found.headers.has(field)).map((field) => [field, found.headers.get(field)]);
  const headers = Object.fromEntries([...said, ["content-length", String(blob.size)]]);
  const cache = await caches.open(name);
  await cache.delete(address);
  await cache.put(address, new Response(blob, { headers }));
  if (isTrimming || name !== NAME) return;
  isTrimming = true;
  await pause(TRIM_MS);
  isTrimming = false;
  await trim(cache);
}

/** Forgets what was kept longest ago, beyond the bytes that may be kept. @param {Cache} cache */
async function trim(cache) {
  let size = 0;
  for (const request of [...await cache.keys()].reverse()) {
    size += Number((await cache.match(request))?.headers.get("content-length"));
    if (size > MOST) await cache.delete(request);
  }
}

/** A kept response, or the part of it that a request wants. @param {Request} request @param {Response} found */
async function part(request, found) {
  const [, first, last] = request.headers.get("range")?.match(/^bytes=(\d+)-(\d*)$/) ?? [];
  if (!first) return found;
  const blob = await found.blob();
  const [start, end] = [Number(first), Math.min(blob.size, last ? Number(last) + 1 : blob.size)];
  if (start >= end) return new Response(null, { status: 416, headers: { "content-range": `bytes */${blob.size}` } });
  const headers = { "content-range": `bytes ${start}-${end - 1}/${blob.size}`, "content-length": String(end - start) };
  return new Response(blob.slice(start, end), { status: 206, headers });
}

/** A file whose address changes with it. @param {FetchEvent} event */
async function lasting(event) {
  const { request } = event;
  const found = await kept(request.url);
  if (found) return part(request, found);
  const came = await fetch(request);
  event.waitUntil(keep(request.url, came.clone()));
  return came;
}

/** The server's answer, which is kept; without one, what is kept. */
async function fresh(
  /** @type {FetchEvent} */ event,
  ask = () => fetch(event.request),
  keeps = (/** @type {Response} */ came) => keep(event.request.url, came),
  find = () => kept(event.request.url),
) {
  const came = await ask().catch(() => undefined);
  if (!isDown(came)) {
    event.waitUntil(keeps(came.clone()));
    return came;
  }
  const found = await find();
  return found ? part(event.request, found) : came ?? Response.error();
}

const pageOf = (/** @type {string} */ tab, /** @type {string} */ language) => `${ROOT}?tab=${tab}&__lang=${language}`;

/** Keeps a page of this build under its tab and its language. @param {Response} came */
async function keepPage(came, name = NAME) {
  const [build, tab, language] = came.headers.get("explorer-page")?.split(" ") ?? [];
  if (build === BUILD) await keep(pageOf(tab, language), came, name);
}

/** The kept page that is nearest to an address: it opens any tab. @param {URLSearchParams} query */
async function nearestPage(query) {
  const [tab, language] = [query.get("tab") ?? "start", query.get("__lang") ?? "en"];
  for (const each of [pageOf(tab, language), pageOf(tab, "en"), pageOf("start", language), pageOf("start", "en")]) {
    const found = await kept(each);
    if (found) return found;
  }
}

/** The content of a tab; a live formula is the server's alone. @param {Request} request */
async function room(request) {
  const { trigger_id: number } = await request.clone().json().catch(() => ({}));
  const came = await fetch(request).catch(() => undefined);
  return (isDown(came) && await kept(`${ROOT}${ROOMS}${number}`)) || came || Response.error();
}

/** The answer to a request; nothing where it is not this worker's. @param {FetchEvent} event */
function answerTo(event) {
  const { request } = event;
  const [address, query] = [request.url.split("#")[0], new URL(request.url).searchParams];
  if (!address.startsWith(ROOT)) return;
  const path = address.slice(ROOT.length);
  if (request.method === "POST" && /^gradio_api\/run\/predict(\?|$)/.test(path)) return room(request);
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (!IS_PAGE.test(path) || query.get("embed") === "1") return;
    const ask = async () => (await event.preloadResponse) ?? fetch(request);
    return fresh(event, ask, keepPage, () => nearestPage(query));
  }
  if (LASTING.test(path)) return lasting(event);
  if (FRESH.test(path)) return fresh(event);
}

/**
 * Keeps a file, or a page, by its path below the page's address; an error keeps nothing.
 * @param {string} path @param {string} name
 */
async function take(path, name) {
  const [isPage, address] = [IS_PAGE.test(path), `${ROOT}${path}`];
  if (!isPage && (!(LASTING.test(path) || FRESH.test(path)) || await kept(address))) return;
  try {
    const came = await fetch(address);
    await (isPage ? keepPage(came, name) : keep(address, came, name));
  } catch { /* it is asked for again by another page */ }
}

/** @param {string} path @param {string} text @param {string} type */
async function put(path, text, type) {
  const headers = { "content-type": type, "x-content-type-options": "nosniff" };
  await (await caches.open(PACKED)).put(`${ROOT}${path}`, new Response(text, { headers }));
}

/** Keeps what the server packs for use without a line, once: texts in one file, then others one after another. */
async function keepPack() {
  if (await kept(`${ROOT}${MARK}`)) return;
  const came = await fetch(`${ROOT}offline.json?v=${BUILD}`);
  if (!came.ok) return;
  const { texts, rooms, addresses } = await came.json();
  for (const [path, text] of Object.entries(texts)) {
    await put(path, text, `text/${path.endsWith(".css") ? "css" : "javascript"}`);
  }
  for (const [number, text] of Object.entries(rooms)) await put(`${ROOMS}${number}`, text, "application/json");
  for (const path of addresses) {
    await pause(PAUSE_MS);
    await take(path, PACKED);
  }
  await put(MARK, "", "text/plain");
}

/** What a page has used, by its addresses, and the pack if it says so. @param {{used: string[], packs: boolean}} said */
async function keepAll({ used, packs }) {
  const ours = used.map((address) => address.split("#")[0]).filter((address) => address.startsWith(ROOT));
  for (const address of ours) await take(address.slice(ROOT.length), NAME);
  if (packs) await keepPack();
}

/** Removes the caches of other builds at this address. */
async function clean() {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS) && !(BUILD && name.startsWith(NAME)));
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function activate() {
  await clean();
  if (!BUILD) return registration.unregister();
  await registration.navigationPreload?.enable();
  await clients.claim();
}

addEventListener("install", () => skipWaiting());
addEventListener("activate", (/** @type {ExtendableEvent} */ event) => event.waitUntil(activate()));
if (BUILD) {
  addEventListener("fetch", (/** @type {FetchEvent} */ event) => {
    const answer = answerTo(event);
    if (answer) event.respondWith(answer);
  });
  addEventListener(
    "message",
    (/** @type {ExtendableMessageEvent} */ event) => event.waitUntil(keepAll(event.data).catch(() => {})),
  );
}
