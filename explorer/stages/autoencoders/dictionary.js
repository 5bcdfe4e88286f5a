/** Sparse: the few units of many that fire for an image, the picture that each adds, and what is left without one. */

import { button, h, setText } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { num } from "../kit/base/format.js";
import { createSlider } from "../kit/panel/slider.js";

class Dictionary extends Exhibit {
  below() {
    const { initial, bounds: [[low, high]] } = this.ctx.fields.gains;
    this.slider = createSlider("Activation ×", {
      field: { low, high },
      step: 0.1,
      words: (value) => num(value, 1),
      label: "The chosen unit's activation, times this",
      onPreview: (value) => this.gain(value, false),
      onRelease: (value) => this.gain(value, true),
    });
    this.remove = button("Remove it", () => this.gain(this.now("factor") ? 0 : 1, true));
    this.restore = button("Reset", () => this.ctx.store.commit({ gains: initial }));
    return [this.slider.element, h("div", { class: "row" }, this.remove, this.restore)];
  }

  /** The factors of all units, that of the chosen one being `value`. */
  gainsWith(value) {
    const { gains, unit } = this.ctx.store.get();
    return [...gains].map((each, i) => (i === unit ? value : each));
  }

  gain(value, commit) {
    this.ctx.store.set({ gains: this.gainsWith(value) }, { commit });
  }

  /** The answer has every factor of the chosen unit. */
  now(key) {
    const { gains, unit } = this.ctx.store.get();
    return key === "factor" ? gains[unit] : super.now(key);
  }

  again() {
    const given = this.given();
    const asked = { ...this.controls.request(), ...given, gains: this.gainsWith(1) };
    this.answer.want(given.picture && asked);
  }

  update(changed) {
    const { store, fields } = this.ctx;
    const key = JSON.stringify([store.get().net, this.given()]);
    const isOther = key !== this.of && !changed.has("mode") && !changed.has("gains");
    this.of = key;
    if (isOther) store.set({ gains: fields.gains.initial }); // they were another picture's
    const { gains } = store.get();
    this.slider.set(this.now("factor"));
    setText(this.remove, this.now("factor") ? "Remove it" : "Put it back");
    this.restore.disabled = gains.every((gain) => gain === 1);
    super.update(changed);
  }

  table() {
    return this.value && { name: "sparse-units", rows: this.shown(this.value).table };
  }
}

export default {
  create: (ctx) => new Dictionary(ctx, "dictionary"),
};
