/**
 * One question to several networks: an answer shows all of them, with what those that were asked by then answered, and
 * the next answer one more of them.
 */

import { fill, h, setText } from "../kit/base/dom.js";
import { atEnd, owned, whenever } from "../kit/base/live.js";
import { Bars } from "../kit/chart/bars.js";
import { Chart } from "../kit/chart/chart.js";
import { requestOf } from "../kit/panel/controls.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { keySegments, onDemand } from "../kit/panel/parts.js";
import { createLegend } from "../kit/plane/legend.js";
import { bySpace } from "./by_space.js";
import { drawerOf, givenWords, whose } from "./drawers.js";

const SMALL = 64; // side of the picture beside the bars of its pixels

/** @typedef {import("../kit/panel/mode.js").Self} Self */

/**
 * Asks several networks. An answer says whether there are `more` questions. It may have `choices` {label, now, options}
 * of what is compared, a `legend` [sign, name, colour], `groups` {name, rows, note, image} of bars, and `cards` {net,
 * title, figure, given, text, chart, height, words}. It may also list the networks without an answer, `silent` {title,
 * rows, open}, and have an `aside` {title, text, more, list} in the panel. A mode may ask for no picture: `asks` changes
 * the question. `ofPanel(answer)` are elements of the panel above the aside.
 * @param {Self} self
 * @param {{asks?: (question: Record<string, any>) => Record<string, any>, ofPanel?: (about: any) => any[]}} [how]
 */
export function askedOf(self, { asks = (asked) => asked, ofPanel = () => [] } = {}) {
  const { ctx, declared } = self;
  const drawer = drawerOf(ctx);
  const chooser = "picture" in declared.request ? drawer.chooser(ctx) : undefined;
  const about = exhibit(self, {
    chooser,
    question() {
      const picture = chooser && drawer.picked(ctx);
      const nets = "nets" in declared.request && { nets: ctx.columns().map(({ net }) => net) };
      const given = { ...requestOf(ctx, declared), ...nets, ...(chooser && { picture }) };
      const asked = asks(givenWords(ctx, given, ctx.columns()));
      return asked.picture === null || asked.nets?.length === 0 ? null : asked;
    },
    /** On the kind of other pictures, no part of an answer depends. */
    theme: ({ kind: _, ...of }) => of,
    lacks: () => `${drawer.nothing[chooser.kind]}: ${whose(ctx)} is asked about it.`,
  });
  const { value } = about;
  const parts = [choicesOf, legendOf, groupsOf, cardsOf, silentOf].map((create) => create(self, about));
  const isLarge = self.id === "likelihood" && chooser?.kind === "point"; // no other picture stands there
  const { laid, mode } = about.show({ add: parts, below: [...ofPanel(about), asideOf(value)], isLarge });
  whenever(() => value.value && light(laid, ctx.columns()));
  return { ...mode, enter: () => chooser && drawer.start(ctx) };
}

/** The elements about a network stand out where it is lit, and have the colour of its group. */
function light(laid, columns) {
  for (const each of laid.querySelectorAll("[data-net]")) {
    const column = columns.find(({ net }) => net === each.dataset.net);
    each.classList.toggle("lit", Boolean(column?.lit));
    if (column?.group) /** @type {HTMLElement} */ (each.firstChild).dataset.group = column.group;
  }
}

/** The choice of the compared data, if there is one. */
function choicesOf({ ctx }, { value }) {
  const element = h("div", { class: "row" });
  let [offered, segments] = ["[]", null];
  whenever(() => {
    if (!value.value) return;
    const { label, now, options = [] } = value.value.choices ?? {};
    if (offered !== (offered = JSON.stringify(options))) {
      segments = options.length ? keySegments(ctx, "kind", label, options) : null;
      fill(element, segments);
    }
    segments?.set(now);
  });
  return element;
}

function legendOf({ ctx }, { value }) {
  const legend = createLegend(ctx);
  whenever(() => {
    const { legend: signs = [] } = value.value ?? {};
    if (value.value) legend.show(signs.map(([sign, name, colour]) => [sign, name, (colours) => colours[colour]]));
  });
  return legend.element;
}

function groupsOf({ ctx }, { value, bytesOf }) {
  const element = h("div", { class: "groups result" });
  /** A tab may say more of its network. */
  const titleOf = ({ net, title }) => ctx.columns().find((column) => column.net === net)?.title ?? title;
  function groupOf({ rows, name, note, image }) {
    const bars = new Bars(name);
    bars.show({ name, rows: rows.map((row) => ({ ...row, title: titleOf(row) })) });
    const picture = image && drawerOf(ctx).pictured(`The picture, ${name.toLowerCase()}`, bytesOf(image), SMALL);
    const body = h("div", { class: image ? "with-image" : "" }, picture, bars.list);
    return h("div", { class: "group" }, h("h2", {}, name), body, h("p", { class: "note with-words" }, note));
  }
  whenever(() => value.value && fill(element, (value.value.groups ?? []).map(groupOf)));
  return element;
}

function cardsOf({ ctx }, { value }) {
  const element = h("div", { class: "cards result", tabindex: 0, role: "group", "aria-label": "Each network" });
  /** @type {ReturnType<typeof owned<ReturnType<typeof createCard>>>[]} */
  const made = []; // each stays where the next answer has one more
  atEnd(() => made.forEach(([, end]) => end()));
  whenever(() => {
    if (!value.value) return;
    const { cards = [] } = value.value;
    while (made.length < cards.length) made.push(owned(() => createCard(ctx)));
    const shown = made.slice(0, cards.length).map(([card]) => card);
    shown.forEach((card, k) => card.show(cards[k]));
    fill(element, shown.map(({ element }) => element));
  });
  return element;
}

function createCard(ctx) {
  const chart = new Chart(ctx, { label: "How odd", height: SMALL });
  const [title, figure, text] = [h("h2"), h("p", { class: "text-figure" }), h("p", { class: "text-body letters" })];
  const words = h("p", { class: "note with-words" });
  const element = h("figure", { class: "of-net" }, title, figure, chart.element, text, words);
  const show = (card) => {
    element.dataset.net = card.net;
    setText(title, card.title);
    setText(figure, card.figure ?? "");
    setText(words, card.words ?? "");
    fill(text, card.given && h("span", { class: "given" }, card.given), card.text ?? "");
    chart.element.hidden = !card.chart;
    if (!card.chart) return;
    chart.setHeight(card.height);
    chart.show(card.chart);
  };
  return { element, show };
}

/** The networks without an answer. */
function silentOf(_, { value }) {
  const list = h("ul", { class: "silent" });
  const silent = () => value.value?.silent;
  const element = onDemand("", list);
  whenever(() => {
    const { rows = [], open = false, title = "" } = silent() ?? {};
    element.hidden = !rows.length;
    if (open) element.open = true;
    setText(element.querySelector("summary"), title);
    fill(
      list,
      rows.map(({ net, title, words }) =>
        h("li", { class: "of-net", "data-net": net }, h("strong", {}, title), ` ${words}`)
      ),
    );
  });
  return element;
}

/** What stands below the answers. */
function asideOf(value) {
  const aside = () => value.value?.aside;
  const list = h("ol", { class: "reasons" });
  const more = onDemand(() => aside()?.more ?? "", list);
  const element = onDemand(
    () => aside()?.title ?? "",
    h("div", { class: "fairness" }, h("p", {}, () => aside()?.text ?? ""), more),
  );
  whenever(() => {
    element.hidden = !aside();
    fill(list, (aside()?.list ?? []).map((text) => h("li", {}, text)));
  });
  return element;
}

export default bySpace(askedOf);
