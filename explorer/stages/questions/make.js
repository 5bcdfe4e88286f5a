/** Make: four images from every family, drawn side by side on one clock, beside the training images nearest to them. */

import { num } from "../kit/base/format.js";
import { OneByOne } from "../kit/ask/one_by_one.js";
import { withArticle } from "../kit/panel/parts.js";
import { fromBase64, toBase64 } from "../kit/plane/tensors.js";
import { bySpace } from "./by_space.js";
import { CROWD } from "./column.js";
import { drawerOf, whose } from "./drawers.js";
import { Drawn } from "./drawn.js";
import { makeWords, millions } from "./make_words.js";
import { costOf, whyNot } from "./race_words.js";
import { addressesOf } from "./tab_address.js";
import { split } from "./tiles.js";

const ROWS = ["evaluations", "server time, s", "ms per image", "parameters"];

const LEADING = "; tap one to open it in its tab";

/** True if an image leads into a tab: not into this one. */
const leads = (ctx, tab) => tab !== null && tab !== ctx.value().tab;

class Make extends Drawn {
  constructor(ctx) {
    const { many, others, kin } = drawerOf(ctx);
    super(ctx, {
      name: "ask_make",
      doing: "draws",
      label: `${many} from ${whose(ctx)}`,
      others,
      pairs: kin,
      whyNot: whyNot("sample"),
      rows: ROWS,
      xOf: ({ x, pictures }) => pictures.mean ?? x,
      above: ({ clock }) => [clock],
    });
    this.met = null;
    this.neighbours = new OneByOne(ctx, "nearest", () => this.compare());
  }

  leave() {
    super.leave();
    this.met = null;
    this.neighbours.want([]);
  }

  /** True if a class is asked for that this family cannot be asked for. */
  ignores({ can }) {
    return this.ctx.store.get().label !== null && !can.label;
  }

  figuresOf({ family, film, frame }) {
    const each = film?.done ? (1000 * film.frames.at(-1).numbers.seconds) / film.count : null;
    const [evaluations, seconds] = costOf({ film, frame });
    return [
      ...(this.ctx.store.get().clock === "seconds" ? [seconds, evaluations] : [evaluations, seconds]),
      ["ms per image", num(each, each !== null && each < 10 ? 1 : 0)],
      ["parameters", millions(family.parameters)],
    ];
  }

  /** More is there: the notes, the ways into the tabs, and once all rest the nearest training images. */
  arrived() {
    const { race } = this;
    const { classes } = this.ctx.net();
    const { label } = this.ctx.store.get();
    for (const column of race.columns) {
      const { family } = column;
      const asked = label === null ? "" : withArticle(classes[label]);
      column.say(this.ignores(family) ? `Any, not ${asked}: ${family.cannot.label}.` : "");
      if (leads(this.ctx, family.tab)) {
        column.tiles.lead(addressesOf(family, { data: this.ctx.net().dataset, ...this.requestOf(family) }));
      }
    }
    if (race.rests) this.meet();
    this.compare();
  }

  /** Looks for the training image nearest to each finished one. */
  meet() {
    if (!this.race.drawer.kin) return;
    const requests = this.race.finished.flatMap(({ x }) => split(x).map((image) => this.kinOf(image)));
    const key = JSON.stringify(requests);
    if (key === this.met) return;
    this.met = key;
    this.neighbours.want(requests);
  }

  kinOf(image) {
    return { dataset: this.ctx.net().dataset, pixels: toBase64(image) };
  }

  /** Finds the nearest training images that are known, and says what is seen. */
  compare() {
    const { kin } = this.race.drawer;
    this.found = this.race.finished.map(({ family, film, x }) => ({
      family,
      film,
      near: kin ? split(x).map((image) => this.neighbours.of(this.kinOf(image))) : [],
    }));
    this.tell(false);
  }

  /** Picture on screen: each finished image beside the training image nearest to it. */
  tell(moving) {
    const { columns } = this.race;
    for (const column of columns) {
      const near = (this.race.isOver(column) && this.found?.find(({ family }) => family === column.family)?.near) || [];
      column.tiles.compare?.(
        near.map((found) =>
          found &&
          {
            bytes: fromBase64(found.image),
            words: `nearest training image: ${withArticle(found.label)}, ${num(found.distance)} away (L2)`,
          }
        ),
      );
    }
    this.seen(this.race.wordsOf(() => makeWords(this.found ?? [])), moving);
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
      "seconds for four",
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

export default bySpace({
  hint: (ctx) => {
    const [{ make, race }, columns] = [drawerOf(ctx).hints, ctx.columns()];
    if (columns.length > CROWD && race) return race;
    return make + (columns.some(({ tab }) => leads(ctx, tab)) ? LEADING : "");
  },
  create: (ctx) => new Make(ctx),
});
