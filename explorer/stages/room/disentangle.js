/** Disentangling: how much each latent knows of each factor of a shape, and the shape with latents moved, over β. */

import { button, fill, h } from "../kit/shell/dom.js";
import { Exhibit } from "../kit/shell/exhibit.js";
import { num } from "../kit/shell/format.js";

const USED = 0.02; // of a factor, from which a latent is shown at first
const FULL = 100; // per cent of the accent where a latent knows all of a factor

class Disentangle extends Exhibit {
  add() {
    this.matrix = h("div", { class: "factors", role: "region", tabindex: 0, "aria-label": "Latents and factors" });
    return [h("div", { class: "of-factors" }, h("h2", {}, "Shares of the factors"), this.matrix)];
  }

  /** Latents down, factors across; a cell is as dark as the latent knows of the factor. */
  draw(value) {
    super.draw(value);
    const { known } = this.answer.asked;
    if (value === this.drawn) return;
    this.drawn = value;
    const held = this.matrix.contains(document.activeElement) && document.activeElement !== this.matrix;
    const cell = (share) => {
      const shown = h("td", {}, h("span", { class: "with-numbers" }, num(Math.max(0, share), 2)));
      shown.style.background = `color-mix(in srgb, var(--you) ${Math.round(FULL * Math.max(0, share))}%, transparent)`;
      return shown;
    };
    const rows = value.matrix.map((shares, place) => {
      const choose = () => this.ctx.store.commit({ known: place });
      const choice = button(`latent ${place + 1}`, choose, { kind: "segment", pressed: place === known });
      const isRare = place !== known && Math.max(...shares) < USED;
      return h("tr", { class: isRare && "with-numbers" }, h("th", { scope: "row" }, choice), shares.map(cell));
    });
    const head = h("tr", {}, h("td"), this.ctx.value().factors.map((name) => h("th", { scope: "col" }, name)));
    const label = "The share of each factor's entropy that a latent knows";
    fill(
      this.matrix,
      h("table", { class: "numbers", "aria-label": label }, h("thead", {}, head), h("tbody", {}, rows)),
    );
    if (held) this.matrix.querySelector("[aria-pressed=true]").focus();
  }
}

export default {
  hint: "Which factors does each latent encode?",
  create: (ctx) => new Disentangle(ctx, "disentangle"),
};
