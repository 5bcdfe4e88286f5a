/**
 * One question to several networks: an answer shows all of them, with what those that were asked by then answered, and
 * the next answer one more of them.
 */

import { Bars } from "../kit/chart/bars.js";
import { Chart } from "../kit/chart/chart.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { createLegend } from "../kit/plane/legend.js";
import { fill, h, setText } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { keySegments, onDemand } from "../kit/panel/parts.js";
import { bySpace } from "./by_space.js";
import { drawerOf, whose } from "./drawers.js";

const SMALL = 64; // side of the picture beside the bars of its pixels

/**
 * An answer says whether there are `more` questions. It may have `choices` {label, now, options} of what is compared, a
 * `legend` [sign, name, colour], `groups` {name, rows, note, image} of bars, and `cards` {net, title, figure, given,
 * text, chart, height, words}. It may also list the networks without an answer, `silent` {title, rows, open}, and have
 * an `aside` {title, text, more, list} in the panel.
 */
export class Asked extends Exhibit {
  constructor(ctx, mode) {
    super(ctx, mode);
    const isLarge = mode === "likelihood" && this.chooser.kind === "point"; // no other picture stands there
    if (isLarge) this.laid.before(this.chooser.element);
  }

  choosePicture() {
    return drawerOf(this.ctx).chooser(this.ctx);
  }

  add() {
    this.choice = h("div", { class: "row" });
    this.legend = createLegend(this.ctx);
    this.groups = h("div", { class: "groups result" });
    this.cards = [];
    this.grid = h("div", { class: "cards result", tabindex: 0, role: "group", "aria-label": "Each network" });
    this.silent = h("ul", { class: "silent" });
    this.cannot = onDemand("", this.silent);
    return [this.choice, this.legend.element, this.groups, this.grid, this.cannot];
  }

  /** What stands below the answers. @returns {HTMLElement[]} */
  below() {
    this.text = h("p");
    this.list = h("ol", { class: "reasons" });
    this.more = onDemand("", this.list);
    this.aside = onDemand("", h("div", { class: "fairness" }, this.text, this.more));
    return [this.aside];
  }

  enter() {
    if (this.chooser) drawerOf(this.ctx).start(this.ctx);
  }

  /** @returns {Record<string, any>} */
  get asked() {
    const picture = this.needs.includes("picture") && drawerOf(this.ctx).picked(this.ctx);
    const nets = this.ctx.columns().map(({ net }) => net);
    return { ...this.controls.request(), ...(this.needs.includes("nets") && { nets }), picture };
  }

  /** Question without the kind of other pictures, on which no part of an answer depends. */
  get theme() {
    const { kind: _, ...of } = this.asked;
    return of;
  }

  get isLacking() {
    const { picture, nets } = this.asked;
    return picture === null || nets?.length === 0;
  }

  update(changed) {
    super.update(changed);
    this.again();
  }

  get lacks() {
    const { nothing } = drawerOf(this.ctx);
    return `${nothing[this.chooser.kind]}: ${whose(this.ctx)} is asked about it.`;
  }

  draw(value) {
    super.draw(value);
    const { choices, legend = [], groups = [], cards = [], silent, aside } = value;
    this.offer(choices);
    this.legend.show(legend.map(([sign, name, colour]) => [sign, name, (colours) => colours[colour]]));
    this.lists = groups.map(({ name }) => new Bars(name));
    fill(this.groups, groups.map((group, k) => this.groupOf(group, this.lists[k])));
    while (this.cards.length < cards.length) this.cards.push(this.card());
    cards.forEach((card, k) => this.cards[k].show(card));
    fill(this.grid, this.cards.slice(0, cards.length).map(({ element }) => element));
    this.cannot.hidden = !silent?.rows.length;
    if (silent?.open) this.cannot.open = true;
    setText(/** @type {Element} */ (this.cannot.firstChild), silent?.title ?? "");
    fill(
      this.silent,
      (silent?.rows ?? []).map(({ net, title, words }) =>
        h("li", { class: "of-net", "data-net": net }, h("strong", {}, title), ` ${words}`)
      ),
    );
    this.aside.hidden = !aside;
    if (aside) {
      setText(/** @type {Element} */ (this.aside.firstChild), aside.title);
      setText(this.text, aside.text);
      setText(/** @type {Element} */ (this.more.firstChild), aside.more);
      fill(this.list, aside.list.map((text) => h("li", {}, text)));
    }
    const columns = this.ctx.columns();
    for (const each of this.laid.querySelectorAll("[data-net]")) {
      const column = columns.find(({ net }) => net === each.dataset.net);
      each.classList.toggle("lit", Boolean(column?.lit));
      if (column?.group) /** @type {HTMLElement} */ (each.firstChild).dataset.group = column.group;
    }
  }

  /** The choice of the compared data, if there is one. */
  offer(choices) {
    const key = JSON.stringify(choices?.options ?? []);
    if (key !== this.offered) {
      this.segments = choices?.options.length ? keySegments(this.ctx, "kind", choices.label, choices.options) : null;
      fill(this.choice, this.segments);
      this.offered = key;
    }
    this.segments?.set(choices.now);
  }

  groupOf({ rows, name, note, image }, bars) {
    const titleOf = ({ net, title }) => this.ctx.columns().find((column) => column.net === net)?.title ?? title;
    bars.show({ name, rows: rows.map((row) => ({ ...row, title: titleOf(row) })) }); // a tab may say more of its network
    const picture = image && imageCanvas(`The picture, ${name.toLowerCase()}`, SMALL);
    if (image) drawImage(picture, this.bytesOf(image));
    const body = h("div", { class: image ? "with-image" : "" }, picture, bars.list);
    return h("div", { class: "group" }, h("h2", {}, name), body, h("p", { class: "note with-words" }, note));
  }

  card() {
    const chart = new Chart(this.ctx, { label: "How odd", height: SMALL });
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
    return { element, chart, show };
  }
}

export default bySpace(null, (ctx) => new Asked(ctx, ctx.id));
