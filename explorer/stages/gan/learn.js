/** Watch it learn: the same sixteen codes, as the generator made images of them at moments of its training. */

import { Strip } from "../kit/film/strip.js";
import { ReportFilm } from "../kit/film/report_film.js";
import { imageOf, PIXELS } from "../kit/image/pixels.js";
import { fill, h, setText } from "../kit/base/dom.js";
import { Tiles } from "./tiles.js";

const TILE = 56;
const NONE = "No snapshots of a training were kept.";

class Learn extends ReportFilm {
  placed = "frame";

  constructor(ctx, chosen) {
    super(ctx, "learn");
    this.chosen = chosen;
    this.tiles = new Tiles({ count: ctx.fields.tap.high + 1, onChoose: (tap) => ctx.store.commit({ tap }) });
    this.title = h("h2");
    this.row = h("section", { class: "generate-path" }, this.title);
    this.whose = h("p", { class: "note" });
    this.curves.element.classList.add("beside-side");
    this.open({
      nameOf: () => "Sixteen images of every snapshot",
      screen: h("div", { class: "generate" }, this.tiles.element, this.curves.element, this.row),
      dims: [this.tiles.element],
      label: "Training",
      filename: "gan-training.gif",
      framesPerSecond: 2,
      above: [this.numbers, this.whose],
    });
  }

  /** Nothing is asked where no snapshot was kept. */
  wanted() {
    return this.ctx.net().history.length ? { ...super.wanted(), net: this.ctx.net().name } : null;
  }

  update(changed) {
    const [net, chosen] = [this.ctx.net(), this.chosen()];
    const other = `This is the training of the ${net.title} network: of the other one no snapshots were kept.`;
    setText(this.title, `Image ${this.ctx.store.get().tap + 1} through the training`);
    setText(this.whose, net.name === chosen.name ? "" : other);
    super.update(changed);
    this.empty.hidden = this.request !== null;
    this.film.host.hidden = this.request === null;
    setText(this.empty, net.error ?? NONE);
  }

  draw(at) {
    super.draw(at);
    const { tap } = this.ctx.store.get();
    const { x, scores, names } = this.drawn.frames[at];
    this.tiles.show({ images: x, scores, names, chosen: tap });
    this.ctx.show("out", imageOf(x, tap));
    this.showStrip(at, tap);
  }

  /** One image of the sixteen through the whole training. */
  showStrip(at, tap) {
    const { frames, total } = this.drawn;
    if (this.strip?.count !== total) {
      this.strip = new Strip("The image that was tapped, snapshot by snapshot", total, TILE);
      this.strip.canvas.addEventListener("click", (event) => this.film.go(this.strip.placeAt(event)));
      fill(this.row, this.title, this.strip.element);
    }
    const row = new Uint8Array(total * PIXELS);
    frames.forEach(({ x }, k) => row.set(imageOf(x, tap), k * PIXELS));
    this.strip.show(row, `${frames.length} of ${total} snapshots`);
    this.strip.mark(at);
  }
}

/** The network whose training was kept: the one that is chosen, or else the first; its name goes with it. */
function keptOf(ctx) {
  const { nets } = ctx.value();
  const kept = Object.keys(nets).filter((name) => !nets[name].error && nets[name].history.length);
  const chosen = ctx.net().name;
  const name = kept.includes(chosen) ? chosen : (kept[0] ?? chosen);
  return { name, ...nets[name] };
}

export default {
  create: (ctx) => new Learn(Object.create(ctx, { net: { value: () => keptOf(ctx) } }), ctx.net),
};
