/** Make: four images from every family, drawn side by side on one clock, beside the training images nearest to them. */

import { num } from "../kit/base/format.js";
import { mean } from "../kit/base/sums.js";
import { Answered } from "../kit/ask/answered.js";
import { withArticle } from "../kit/panel/parts.js";
import { fromBase64, toBase64 } from "../kit/plane/tensors.js";
import { bySpace, leads } from "./by_space.js";
import { drawerOf } from "./drawers.js";
import { Drawn } from "./drawn.js";
import { costOf, ends, whyNot } from "./race_words.js";
import { addressesOf } from "./tab_address.js";
import { split } from "./tiles.js";

const WEAK = 100; // times the distance of real images

const times = (count) => (count === 1 ? "one evaluation" : `${count.toLocaleString("en")} evaluations`);
const brief = (seconds) => (seconds < 0.001 ? "less than 0.001 s" : `${num(seconds, 3)} s`);
const few = (value) => num(value, value < 10 ? 1 : 0);

class Make extends Drawn {
  constructor(ctx) {
    super(ctx, {
      pairs: drawerOf(ctx).kin,
      whyNot: whyNot("sample"),
      xOf: ({ x, pictures }) => pictures.mean ?? x,
    });
    this.met = null;
    this.neighbours = new Answered(ctx, "nearest", () => this.compare());
  }

  leave() {
    super.leave();
    this.met = null;
    this.neighbours.want();
  }

  /** True if a class is asked for that this family cannot be asked for. */
  ignores({ can }) {
    return this.ctx.store.get().label !== null && !can.label;
  }

  figuresOf({ family: { parameters }, film, frame }) {
    const each = film?.done && few((1000 * film.frames.at(-1).numbers.seconds) / film.count);
    const millions = parameters && `${num(parameters / 1e6)} M`;
    return this.figures({ ...costOf({ film, frame }), each, millions }, this.ctx.store.get().clock);
  }

  /** More is there: the notes, the ways into the tabs, and once all rest the nearest training images. */
  arrived() {
    const { race } = this;
    const { classes } = this.ctx.net();
    const { label } = this.ctx.store.get();
    for (const column of race.columns) {
      const { family } = column;
      const asked = label === null ? "" : withArticle(classes[label]);
      column.say(this.ignores(family) ? this.say({ asked, why: family.cannot.label }, "any") : "");
      if (leads(this.ctx, family)) {
        column.tiles.lead(addressesOf(family, { data: this.ctx.net().dataset, ...this.requestOf(family) }));
      }
    }
    if (race.rests) this.meet();
    this.compare();
  }

  /** Looks for the training image nearest to each finished one. */
  meet() {
    if (!this.drawer.kin) return;
    const requests = this.race.finished.flatMap(({ x }) => split(x).map((image) => this.kinOf(image)));
    const key = JSON.stringify(requests);
    if (key === this.met) return;
    this.met = key;
    this.neighbours.want(...requests);
  }

  kinOf(image) {
    return { dataset: this.ctx.net().dataset, pixels: toBase64(image) };
  }

  /** Finds the nearest training images that are known, and says what is seen. */
  compare() {
    this.found = this.race.finished.map(({ family, film, x }) => ({
      family,
      film,
      near: this.drawer.kin ? split(x).map((image) => this.neighbours.to(this.kinOf(image))) : [],
    }));
    this.tell(false);
  }

  /** Picture on screen: each finished image beside the training image nearest to it. */
  tell(moving) {
    for (const column of this.race.columns) {
      const near = (this.race.isOver(column) && this.found?.find(({ family }) => family === column.family)?.near) || [];
      column.tiles.compare?.(near.map((found) =>
        found && {
          bytes: fromBase64(found.image),
          words: this.say({ label: withArticle(found.label), distance: found.distance }, "kin"),
        }
      ));
    }
    this.seen(this.race.wordsOf(() => this.words()), moving);
  }

  /** Cost of the finished images and, once all are known, their distance from the training images. */
  words() {
    const found = (this.found ?? []).map(({ family, film, near }) => {
      const { numbers: { seconds }, pictures } = film.frames.at(-1);
      const distance = near.length && near.every(Boolean) ? mean(near.map((each) => each.distance)) : null;
      const { title, card: { far } } = family;
      return {
        title,
        far,
        pictures,
        planned: film.planned,
        cost: times(film.planned),
        seconds,
        time: brief(seconds),
        near: distance,
      };
    });
    if (!found.length) return "";
    const [one, ...others] = found;
    const met = found.every(({ near }) => near !== null);
    if (!others.length) {
      const { far, pictures } = one;
      const quality = far && (far > WEAK ? "weak" : "good");
      return this.say({ ...one, far: far && few(far) }, quality, "alone", pictures.mean && "mean", met && "near");
    }
    const [[cheap, dear], [fast, slow], [close, far]] = ["planned", "seconds", "near"].map((key) => ends(found, key));
    return this.say({ few: cheap, many: dear, fast, slow, close, far }, "cost", "time", met && "nearest");
  }

  table() {
    if (!this.found?.length) return null;
    const { seed } = this.ctx.store.get();
    const { name } = this.ctx.net();
    const head = [
      "network",
      "class",
      "seed",
      "evaluations",
      "seconds for all",
      "parameters",
      ...Array.from({ length: this.found[0].near.length }, (_, k) => `L2 of ${k + 1} to the nearest training image`),
    ];
    const rows = this.found.map((
      { family, film, near },
    ) => [
      family.net,
      this.requestOf(family).label ?? "any",
      seed,
      film.planned,
      film.frames.at(-1).numbers.seconds,
      family.parameters,
      ...near.map((found) => found?.distance),
    ]);
    return { name: `${name}-make`, rows: [head, ...rows] };
  }
}

export default bySpace((ctx) => new Make(ctx));
