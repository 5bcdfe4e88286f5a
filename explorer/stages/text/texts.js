/** Modes whose answer brings texts: each character is tinted by a number, and one of them is watched. */

import { fill, h } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { legend, Letters } from "./letters.js";

export class Texts extends Exhibit {
  add() {
    const onChoose = (place) => this.choose(place);
    const label = (title) => `${title}. Arrow keys choose a character.`;
    this.letters = this.shows.texts.map((title) => new Letters({ label: label(title), onChoose }));
    this.legend = h("div");
    const named = ({ element }, k) => [this.letters.length > 1 && h("h2", {}, this.shows.texts[k]), element];
    const each = this.letters.map((letters, k) => h("div", { class: "text-of" }, ...named(letters, k)));
    this.room = h("div", { class: "texts result" }, h("div", { class: "texts-row" }, each), this.legend);
    return [this.room];
  }

  choose(tap) {
    this.ctx.store.commit({ tap });
  }

  /**
   * The watched character: the chosen one, or one that the answer names.
   * @param {{texts?: {characters: string}[], text?: string, watched?: number | null}} value @returns {number | null}
   */
  watchedIn({ texts: [{ characters }], watched = null }) {
    const { tap } = this.ctx.store.get();
    return tap !== null && tap < characters.length ? tap : watched;
  }

  draw(value) {
    super.draw(value);
    const { texts, legend: scale } = value;
    this.room.hidden = !texts;
    if (!texts) return;
    const chosen = this.watchedIn(value);
    this.letters.forEach((letters, k) => letters.show([...texts[k].characters], { ...texts[k], chosen }));
    fill(this.legend, legend(scale));
  }

  /** The numbers of the answer, and those of the watched character. */
  rows(value) {
    const of = (values) => values[this.watchedIn(value)] ?? "–";
    const each = value?.characters?.map(([name, values, unit]) => [name, of(values), unit]) ?? [];
    return [...super.rows(value), ...each];
  }
}

export default {
  create: (ctx) => new Texts(ctx, ctx.id),
};
