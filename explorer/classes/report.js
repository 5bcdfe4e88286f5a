/**
 * The report on a class: held by this file, or asked from the server with the secret of the browser that leads the room.
 */

const base = /^(.*)\/r\/report\/?$/.exec(location.pathname)?.[1] ?? "";
const [OPEN_MS, CLOSED_MS] = [2000, 15_000]; // until the next look
const REPORT_FILES = {
  items: ["Figures (CSV)", "inventory-figures.csv"],
  moodle: ["For Moodle (CSV)", "inventory-moodle.csv"],
  canvas: ["For Canvas (CSV)", "inventory-canvas.csv"],
  answers: ["Answers by pseudonym (JSON)", "inventory-answers.json"],
};
const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const percent = (/** @type {number} */ value) => `${Math.round(100 * value)} %`;
const figure = (/** @type {number} */ value) => value.toFixed(2).replace("-", "−");

/** @param {string} tag @param {string} text @param {string} kind */
function made(tag, text, kind = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

/** @param {Record<string, any>} row */
function gainOf({ gain, low, high }) {
  if (gain === null) return "";
  return low === null ? figure(gain) : `${figure(gain)} (${figure(low)} to ${figure(high)})`;
}

/** @param {Record<string, any>} row */
function line(row) {
  const bars = made("div", "", "bars");
  for (const kind of ["before", "after"]) {
    if (row[kind] === null) continue;
    const bar = made("i", "", kind);
    bar.style.width = `${100 * row[kind]}%`;
    bars.append(bar);
  }
  const after = row.after === null ? "" : ` → ${percent(row.after)}`;
  const words = `${percent(row.before)}${after}${row.gain === null ? "" : `, gain ${gainOf(row)}`}`;
  const item = document.createElement("li");
  item.append(made("b", row.title), bars, made("span", words, "figures"));
  return item;
}

/** @param {Record<string, any>} found */
function slipsOf({ items, all }) {
  const listed = items.flatMap((row) => row.slips.map((each) => ({ ...each, title: row.title })));
  listed.sort((one, other) => other.before + other.after - one.before - one.after);
  return listed.slice(0, 12).map(({ slip, title, before, after }) => {
    const item = document.createElement("li");
    const counts = all.after === null ? `${before} times` : `${before} times before, ${after} after`;
    item.append(made("span", `${slip} (${title})`), made("span", counts, "figures"));
    return item;
  });
}

/** @param {Record<string, any>} found */
function show(found) {
  const { counts, all, items, students, fewest, rate, forms = {}, open = "" } = found;
  const numbers = `${counts.before} handed in before, ${counts.after} after, ${counts.both} both.`;
  const why = open
    ? `The sitting ${open} the course is open: figures come once it is closed. ${counts[open]} have handed in.`
    : `${numbers}${all ? ` Figures of ${students} students.` : ` Fewer than ${fewest}: no figures.`}`;
  find("who").textContent = why;
  for (const id of ["all", "items", "slips"]) find(id).hidden = !all;
  find("files").hidden = !all || !held.secret;
  if (!all) return;
  const gain = find("gain");
  gain.replaceChildren(all.gain === null ? "Not yet: it needs both sittings." : figure(all.gain));
  if (all.low !== null) {
    gain.append(" ", made("small", `${Math.round(100 * rate)} % interval ${figure(all.low)} to ${figure(all.high)}`));
  }
  const after = all.after === null ? "" : `, ${percent(all.after)} after`;
  find("means").textContent = `Right answers: ${percent(all.before)} before${after}.`;
  find("rows").replaceChildren(...items.map(line));
  find("slip-rows").replaceChildren(...slipsOf(found));
  const parts = Object.entries(forms).map(([letter, value]) => `form ${letter.toUpperCase()} ${percent(value)}`);
  find("forms").textContent = parts.length ? `Right before the course, by form: ${parts.join(", ")}.` : "";
}

/** Code and secret that this browser keeps if it leads a room. */
function kept() {
  try {
    return JSON.parse(localStorage.getItem("room of a class") ?? "null") ?? {};
  } catch {
    return {};
  }
}

const inside = find("data").textContent?.trim() ?? "";
const held = inside ? {} : kept();

/** @param {string} more */
const ask = (more) =>
  fetch(`${base}/r/${held.code}/gains${more}`, { cache: "no-store", headers: { "x-secret": held.secret } });

/** @param {string} kind @param {string} name */
async function save(kind, name) {
  const answer = await ask(`?as=${kind}`);
  if (answer.status !== 200) return void (find("who").textContent = (await answer.json()).error);
  const href = URL.createObjectURL(await answer.blob());
  const link = Object.assign(document.createElement("a"), { href, download: name });
  link.click();
  URL.revokeObjectURL(href);
}

async function look() {
  let pause = CLOSED_MS;
  try {
    const answer = await ask("");
    const found = await answer.json();
    if (found.open) pause = OPEN_MS;
    if (answer.status === 200) show(found);
    else find("who").textContent = found.error;
    if (answer.status === 403 || answer.status === 404) return;
  } catch {
    find("who").textContent = "The server did not answer. Trying again …";
  }
  setTimeout(look, pause);
}

if (inside) show(JSON.parse(inside));
else if (!held.secret) find("who").textContent = "Open this page in the browser that opened the room.";
else {
  for (const [kind, [words, name]] of Object.entries(REPORT_FILES)) {
    const button = made("button", words);
    button.addEventListener("click", () => save(kind, name));
    find("files").append(button);
  }
  look();
}
