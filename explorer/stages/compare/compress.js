/** Compress: one picture, text or sound becomes a file, by every family that has a p(x) for a coder. */

import { Sizes } from "../kit/chart/sizes.js";
import { createCodeFile } from "../kit/export/code_file.js";
import { barOf, barsOfOthers } from "../kit/export/compressed.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { createTries } from "../kit/lesson/tries.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createControls } from "../kit/shell/controls.js";
import { fill, h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { captioned, createSeen, dim, fillPanel, onDemand } from "../kit/shell/parts.js";
import { classOf } from "../questions/column.js";
import { codeRows, codeWords } from "./compress_words.js";

const NAMES = {
  binary: "Black and white pixels",
  levels: "256 grey levels",
  text: "Characters",
  wave: "Samples of sound",
};
const ASK_AGAIN = ["mode", "data", "of", "img", "draw", "source", "words", "digit", "speaker"];

class Compress {
  constructor(ctx) {
    this.ctx = ctx;
    const declared = ctx.value().panels.compress;
    this.found = new OneByOne(ctx, declared.ask, () => ctx.refresh("compress"));
    this.controls = createControls(ctx, declared);
    this.chooser = new Picture(ctx, { others: false });
    this.groups = Object.fromEntries(Object.entries(NAMES).map(([space, name]) => [space, createGroup(name)]));
    this.silent = h("ul", { class: "silent" });
    this.cannot = onDemand("Which cannot, and why", this.silent);
    this.read = imageCanvas("The picture of the file", 84);
    this.back = captioned(this.read, "read back");
    this.back.hidden = true;
    this.numbers = headline(codeRows(null), 0);
    this.seen = createSeen();
    const file = createCodeFile(this, {
      answerOf: () => this.best?.answer,
      nameOf: () => this.best.family.net,
      save: "Download the shortest file",
    });
    this.screen = h("div", { class: "groups" }, Object.values(this.groups).map(({ element }) => element), this.cannot);
    fill(ctx.main, this.screen);
    const under = [this.controls.element, this.chooser.element, file, this.back, this.seen.element];
    fillPanel(ctx, this.numbers, ...under, createTries(ctx, declared.tries));
  }

  enter() {
    startWithExample(this.ctx);
  }

  get kind() {
    return this.ctx.store.get().of;
  }

  /** The networks of the kind of x. */
  get families() {
    return this.kind === "picture" ? this.ctx.columns() : this.ctx.value().coders[this.kind];
  }

  get asked() {
    return this.families.filter(({ can, error }) => can.compress && !error);
  }

  /** What is compressed, as the server wants it; null while nothing is chosen. */
  get chosen() {
    const { of, words, digit, speaker, ...state } = this.ctx.store.get();
    if (of === "picture") return drawnOrTest(state, this.ctx.net().dataset);
    return of === "text" ? { words } : { digit, speaker };
  }

  requestOf({ net }) {
    return { net, x: this.chosen };
  }

  /** What was answered so far, with its family; the answer is null until it is there. */
  get rows() {
    const { asked } = this;
    return this.chosen ? asked.map((family) => ({ family, answer: this.found.of(this.requestOf(family)) })) : [];
  }

  get known() {
    return this.rows.filter(({ answer }) => answer);
  }

  /** The shortest code of each kind of x: black and white pixels are no rivals of grey ones. */
  get bests() {
    return this.least(({ code }) => code);
  }

  /** The family with the shortest file, code and header, of the first kind; undefined while there is none. */
  get best() {
    return this.least(({ code, header }) => code + header)[0];
  }

  /** The row of the fewest bytes of each kind of x. */
  least(bytes) {
    const fewer = (a, b) => (bytes(a.answer) <= bytes(b.answer) ? a : b);
    return [...Map.groupBy(this.known, ({ family }) => family.space).values()].map((rows) => rows.reduce(fewer));
  }

  update(changed) {
    this.controls.update();
    this.chooser.update();
    this.chooser.element.hidden = this.kind !== "picture" || !this.asked.length;
    if (ASK_AGAIN.some((key) => changed.has(key))) {
      this.found.want(this.chosen ? this.asked.map((family) => this.requestOf(family)) : []);
    }
    this.show();
  }

  show() {
    const { rows, known, bests } = this;
    for (const [space, group] of Object.entries(this.groups)) {
      group.show(rows.filter(({ family }) => family.space === space));
    }
    const silent = this.families.filter((family) => !this.asked.includes(family));
    this.cannot.hidden = silent.length === 0;
    fill(
      this.silent,
      silent.map((family) =>
        h(
          "li",
          { class: classOf("said", family) },
          h("strong", {}, family.title),
          ` ${family.error ?? `cannot, because ${family.cannot.compress}`}.`,
        )
      ),
    );
    dim(this.seen.element, this.found.busy);
    this.numbers.set(codeRows(bests[0]));
    this.seen(known.length ? codeWords(known, bests, NAMES) : "");
    this.ctx.describe(
      known.map(({ family, answer }) => `${family.title}: ${answer.code} bytes.`).join(" "),
    );
  }

  /** Shows the x of a file, and says whose it is. */
  opened({ net, of, length, words, values }, bytes) {
    this.back.hidden = of !== "picture";
    if (of === "picture") drawImage(this.read, fromBase64(values));
    else this.ctx.store.commit(of === "text" ? { of, words } : { of });
    const symbols = { picture: "pixels", text: "characters", sound: "samples" }[of];
    return `${bytes} bytes by ${net} were read back as ${length} ${symbols}. The checksum is right.`;
  }

  hasResult() {
    return this.known.length > 0;
  }

  table() {
    const rows = this.known.map(({ family, answer }) => [
      family.net,
      family.can.compress,
      answer.total,
      8 * answer.code - answer.first,
      answer.first,
      8 * answer.header,
    ]);
    return rows.length
      ? {
        name: "compressed",
        rows: [["network", "kind", "-log2 p(x) or its bound", "code, bits", "first bits", "header, bits"], ...rows],
      }
      : null;
  }
}

/** The files of one kind of x, beside those of the other tools. */
function createGroup(name) {
  const sizes = new Sizes(`Sizes, ${name.toLowerCase()}`);
  const element = h("div", { class: "group" }, h("h2", {}, name), sizes.element);

  /** `rows` is a list of {family, answer}. */
  function show(rows) {
    element.hidden = rows.length === 0;
    const known = rows.find(({ answer }) => answer);
    const own = rows.map(({ family, answer }) => {
      const { title } = family;
      return answer ? barOf(answer, title) : { title, around: 0, ofModel: true };
    });
    sizes.show([...(known ? barsOfOthers(known.answer) : []), ...own]);
  }

  return { element, show };
}

export default {
  hint: "Every family compresses the same file",
  create: (ctx) => new Compress(ctx),
};
