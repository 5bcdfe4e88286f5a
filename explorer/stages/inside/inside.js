/**
 * Inside: a network opened over the stage. Its layers stand in a row from input to output, for what the stage shows; a
 * press opens a layer, and a press on a value writes it out. What is open is in the address, as run/step/layer/place/change/over.
 */

import { createAsk } from "../kit/ask/ask.js";
import { button, fill, h, styled } from "../kit/base/dom.js";
import { createSay } from "../kit/base/frame.js";
import { full, percent } from "../kit/base/format.js";
import { rove } from "../kit/base/rove.js";
import { Chart } from "../kit/chart/chart.js";
import { segmented } from "../kit/panel/parts.js";
import { createSlider } from "../kit/panel/slider.js";
import { thumbnail, Values } from "./pictures.js";
import { showCode, showResult, showValue } from "./written.js";

const PARTS = ["way", "step", "layer", "at", "change", "over"];
const FIRST = "-"; // instead of the name of a run: the first that the network has
const SEEN = 0.0005; // share of a layer's size from which its change is reported

/** What an address says is open. @param {string | null} text @returns {Record<string, string>} */
const readPlace = (text) => {
  const values = (text ?? "").split("/");
  return Object.fromEntries(PARTS.map((name, i) => [name, values[i] ?? ""]));
};

/** The same as a text, without what is empty at its end; the first run is “-”. @param {Record<string, string>} place */
const writePlace = (place) =>
  PARTS.map((name) => place[name] || (name === "way" ? FIRST : "")).join("/").replace(/\/+$/, "");

/** Shape of one x, as in “32 × 14 × 14”. @param {number[]} shape */
const sized = (shape) => (shape.length ? shape.join(" × ") : "1");

export class Inside {
  /** @param {Ctx} ctx */
  constructor(ctx) {
    styled("inside.css", import.meta.url);
    this.ctx = ctx;
    this.asked = "";
    this.crumbs = rove(h("nav", { class: "inside-crumbs", "aria-label": "Place in the network" }));
    this.ways = h("div", { class: "inside-ways" });
    this.layers = rove(
      h("div", { class: "inside-layers", role: "group", "aria-label": "Layers, from input to output" }),
    );
    this.title = h("h3", { class: "inside-title" });
    this.values = new Values((at) => this.go({ at: String(at) }));
    this.extra = h("div", { class: "inside-extra" });
    this.parts = {
      result: h("section", { class: "inside-result" }),
      value: h("section", { class: "inside-value" }),
      over: h("section", { class: "inside-over" }),
      code: h("section", { class: "inside-code" }),
    };
    this.chart = new Chart(ctx, { label: "The value by step of the sampler", height: 130 });
    this.status = h("p", { class: "status" });
    this.element = h(
      "dialog",
      { class: "inside", "aria-label": "Inside the network" },
      h("header", {}, this.crumbs, this.ways, button("Close", () => this.element.close())),
      this.layers,
      h(
        "div",
        { class: "inside-body" },
        h("section", { class: "inside-layer" }, this.title, this.values.element, this.extra),
        h("div", { class: "inside-side" }, Object.values(this.parts)),
      ),
      this.status,
    );
    this.values.element.hidden = true; // until there is an answer
    ctx.root.append(this.element);
    this.ask = createAsk(ctx.server, createSay(this.status, () => this.follow(true)), this.element);
    this.element.addEventListener("close", () => ctx.store.get().inside !== null && ctx.store.commit({ inside: null }));
    this.element.addEventListener("keydown", (event) => event.stopPropagation()); // the stage's own keys rest
    this.element.addEventListener("click", (event) => event.target === this.element && this.element.close());
  }

  /** Opens another place. @param {Record<string, string>} patch */
  go(patch) {
    this.ctx.store.commit({ inside: writePlace({ ...this.place, ...patch }) });
  }

  get place() {
    return readPlace(this.ctx.store.get().inside);
  }

  /** The question about what the stage shows now. */
  request() {
    const { way, step, layer, at, change, over } = this.place;
    const { seed, label, z, words, read } = this.ctx.store.get();
    const given = this.ctx.picture();
    const isImage = Number.isInteger(given?.test) || typeof given?.bits === "string";
    return {
      net: this.ctx.columns()[0]?.net ?? this.ctx.net().name,
      way: way === FIRST ? null : way,
      step: Number(step) || 0,
      layer,
      at: at === "" ? null : Number(at),
      change: change || null,
      over: at === "" ? 0 : Number(over) || 0,
      seed: Number.isInteger(seed) ? seed : null,
      label: Number.isInteger(label) ? label : null,
      picture: isImage ? given : this.point(),
      z: Array.isArray(z) && z.length ? z : null,
      words: [words, read].find((text) => typeof text === "string" && text) ?? null,
    };
  }

  /** The point of a stage of the plane; null of images. */
  point() {
    const { x } = this.ctx.store.get();
    return Array.isArray(x) && x.length === 2 ? { point: x } : null;
  }

  /** Shows what the state says is open. @param {boolean} [again] */
  async follow(again = false) {
    if (this.ctx.store.get().inside === null) {
      this.asked = "";
      if (this.element.open) this.element.close();
      return;
    }
    if (!this.element.open) this.element.showModal();
    const argument = this.request();
    const text = JSON.stringify(argument);
    if (text === this.asked && !again) return;
    this.asked = text;
    const answer = await this.ask("inside", argument);
    if (answer && this.asked === text) this.show(answer);
  }

  /**
   * Enters the layer that a part of the mechanism is called after, or the only one with layers of its own.
   * @param {Record<string, any>} answer
   */
  enter({ level, layers }) {
    const { part } = this;
    this.part = null;
    if (!part || level) return false;
    const deep = layers.filter((each) => each.deep);
    const named = deep.find(({ name }) => name.split(".")[0] === part.toLowerCase());
    const found = named ?? (deep.length === 1 ? deep[0] : null);
    if (found) this.go({ layer: found.path });
    return Boolean(found);
  }

  /** @param {Record<string, any>} answer */
  show(answer) {
    this.answer = answer;
    if (this.enter(answer)) return;
    const { layer, value, code, result } = answer;
    this.showPlace(answer);
    this.showLayers(answer);
    const shapes = [...layer.into, layer.shape].map(sized).join(" → ");
    fill(
      this.title,
      h("span", { translate: "no" }, layer.path ? layer.name : layer.type),
      " ",
      h("span", { class: "quiet", translate: "no" }, layer.type === layer.name ? shapes : `${layer.type} · ${shapes}`),
    );
    this.values.element.hidden = !layer.picture;
    if (layer.picture) {
      this.values.show(layer.picture, value?.at ?? null, `Output of ${layer.name}, ${sized(layer.shape)}`);
    }
    this.showExtra(layer);
    showValue(this.parts.value, layer.picture ? value : null, (change) => this.go({ change }));
    this.showOver(answer);
    showCode(this.parts.code, code);
    showResult(this.parts.result, result, () => this.go({ change: "" }));
  }

  /** One value at every step of a film, or the way to it. @param {Record<string, any>} answer */
  showOver({ over, value, steps, step, layer, result }) {
    this.parts.over.hidden = steps < 2 || !value || !layer.picture || Boolean(result);
    if (!over) return fill(this.parts.over, button("Follow over the steps", () => this.go({ over: "1" })));
    fill(this.parts.over, this.chart.element);
    const points = over.filter(([, y]) => y !== null);
    const ys = points.map(([, y]) => y);
    const [low, high] = [Math.min(...ys, 0), Math.max(...ys, 0)];
    this.chart.show({
      ...{ xs: [0, Math.max(1, steps - 1)], ys: [low, high > low ? high : low + 1], cursor: step },
      ...{ lines: [{ points, colour: "you", width: 2 }], name: "this value by step" },
      words: `${points.length} steps, from ${full(ys[0] ?? 0)} to ${full(ys.at(-1) ?? 0)}`,
    });
  }

  /** The way back to the whole network, the run and its step. @param {Record<string, any>} answer */
  showPlace({ crumbs, ways, way, step, steps }) {
    const last = crumbs.length - 1;
    fill(
      this.crumbs,
      crumbs.map(({ path, name }, i) => {
        const crumb = button(name, () => this.go({ layer: path, at: "" }), { kind: "plain crumb" });
        if (i === last) crumb.setAttribute("aria-current", "true");
        return crumb;
      }),
    );
    const choice = segmented(
      "Run",
      ways,
      (chosen) => this.go({ way: chosen, step: "", layer: "", at: "", change: "" }),
    );
    choice.set(way);
    choice.hidden = ways.length < 2;
    const slider = createSlider("Step", {
      field: { low: 0, high: Math.max(1, steps - 1) },
      step: 1,
      words: (value) => `${value + 1} of ${steps}`,
      onRelease: (value) => this.go({ way, step: String(value), change: "" }),
    });
    slider.set(step);
    slider.element.hidden = steps < 2;
    if (!this.ways.contains(document.activeElement)) fill(this.ways, choice, slider.element);
    else {
      const name = document.activeElement.matches("input") ? "input" : "[aria-pressed=true]";
      fill(this.ways, choice, slider.element);
      /** @type {HTMLElement | null} */ (this.ways.querySelector(name))?.focus();
    }
  }

  /** The layers of the level, in their order. @param {Record<string, any>} answer */
  showLayers({ layers, layer, more, cut }) {
    const held = this.layers.contains(document.activeElement);
    const cards = layers.map((each) => this.cardOf(each, each.path === layer.path));
    const rest = [more ? `and ${more} more` : "", cut ? "The run goes on; its first part is recorded." : ""];
    fill(this.layers, cards, rest.filter(Boolean).map((text) => h("p", { class: "quiet" }, text)));
    const chosen = this.layers.querySelector("[aria-current]");
    if (held) /** @type {HTMLElement | null} */ (chosen ?? this.layers.querySelector("button"))?.focus();
    chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.layers.hidden = !layers.length;
  }

  cardOf({ path, name, type, shape, deep, picture, differs }, isChosen) {
    const words = [deep ? `${type}, opens` : type, sized(shape)];
    const changed = differs !== null && differs > SEEN
      ? h("span", { class: "inside-differs" }, `Δ ${percent(differs)}`)
      : null;
    return h(
      "button",
      {
        type: "button",
        class: deep ? "inside-card deep" : "inside-card",
        "aria-current": isChosen ? "true" : null,
        title: words.join(", "),
        onclick: () => this.go({ layer: path, at: "" }),
      },
      thumbnail(picture),
      h("span", { class: "inside-name", translate: "no" }, name),
      type === name ? null : h("span", { class: "quiet", translate: "no" }, type),
      h("span", { class: "quiet number" }, sized(shape)),
      changed,
    );
  }

  /** What went into the layer, and the attention matrix of one that has it. */
  showExtra({ given, attention, before }) {
    const pictures = [["Input", given], ["Attention, a matrix for each head", attention], [
      "Before the change",
      before,
    ]];
    fill(
      this.extra,
      pictures.filter(([, drawn]) => drawn).map(([name, drawn]) =>
        h("figure", {}, h("figcaption", { class: "quiet" }, name), thumbnail(drawn))
      ),
    );
  }
}
