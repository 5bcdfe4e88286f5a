/**
 * Films of one question in every column, on one clock. Python declares the mode's panel: the server function, the
 * controls, what the films show (`films`), what a network does meanwhile (`doing`), the figures of a column
 * (`columns`) and the sentences.
 */

import { h } from "../kit/base/dom.js";
import { createMore } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { requestOf } from "../kit/panel/controls.js";
import { drawerOf, givenWords, whose } from "./drawers.js";
import { allNumbers, playRace, raceOf, toldOf } from "./race.js";

/**
 * @typedef {import("../kit/panel/mode.js").Self} Self
 * @typedef {import("./race.js").Family} Family
 * @typedef {import("./race.js").Request} Request
 */

/**
 * A family for each of the `settings` of one network: {title, …}, what it is then called and what is asked of it besides.
 * @param {Self} self @param {() => Record<string, any>[]} settings
 */
export const inSettings = ({ ctx }, settings) => () => {
  const { column } = ctx.net();
  return column.error ? [column] : settings().map(({ title, ...asked }) => ({ ...column, title, settings: asked }));
};

/** Declared sentences of these names. */
export const sayOf = ({ declared }) => (values, ...names) => sentences(declared, values, ...names);

/** What a frame shows of drawn x: the decoder's means, where there are any. @param {Frame} frame */
export const meanOf = ({ x, pictures }) => pictures.mean ?? x;

/** Declared figures, by default those of a column. @param {Self} self */
export const figuresIn = ({ ctx, declared }) => (values, name = "columns") => {
  const { rows } = declared;
  return figuresOf({ rows: rows[name] ?? rows.columns ?? [] }, { each: drawerOf(ctx).each, ...values });
};

/** The pictures of a question: their choices, what is `chosen`, and words where one `lacks`. @param {Self} self */
function picturesOf({ ctx, declared }) {
  const drawer = drawerOf(ctx);
  const chooser = "picture" in declared.request ? drawer.chooser(ctx) : null;
  const second = "other" in declared.request ? drawer.second(ctx) : null;
  const chosen = () => drawer.picked(ctx);
  const given = () => ({ ...(chooser && { picture: chosen() }), ...(second && { other: second.picked }) });
  const isLacking = () => Object.values(given()).includes(null);
  const rest = () => sentences(declared, { part: drawer.part.kept, whose: whose(ctx) }, "lacks");
  const lacks = () => (isLacking() ? `${drawer.nothing[chooser.kind]}: ${rest()}` : null);
  function enter() {
    if (chooser) drawer.start(ctx);
    second?.start();
  }
  return { drawer, chooser, second, chosen, given, isLacking, lacks, enter };
}

/**
 * Asks every column. Returns the `race`, the pictures of the question, and `play`, which shows it and returns the mode.
 * @param {Self} self
 * @param {object} [how]
 * @param {(asked: Request, family: Family) => Request | null} [how.asks] the question to a family, from what is declared
 * @param {(family: Family) => string | null} [how.whyNot] the reason why a family cannot answer
 * @param {(family: Family) => number} [how.costOf] cost of its film, if it is known: by default that of an image
 * @param {() => string | null} [how.lacks] words where something else than a picture is to be chosen
 * @param {() => Family[]} [how.familiesOf] those that are asked
 * @param {() => boolean} [how.isHeld] true while a choice is still moving
 * @param {import("./clock.js").Clock} [how.clock]
 * @param {(frame: Frame) => Frame["x"]} [how.xOf]
 */
export function drawn(self, { asks = (asked) => asked, whyNot, costOf, lacks = () => null, ...ofRace } = {}) {
  const { ctx, declared } = self;
  const pictures = picturesOf(self);
  const lacking = () => pictures.lacks() ?? lacks();
  /** A family without classes draws any. @param {Family} family */
  function requestTo(family) {
    if (lacking() !== null) return null;
    const { net, can, settings } = family;
    const asked = givenWords(ctx, { ...requestOf(ctx, declared), net, ...pictures.given() }, [family]);
    return asks({ ...asked, ...("label" in asked && !can.label && { label: null }), ...settings }, family);
  }
  const race = raceOf(self, {
    requestOf: requestTo,
    whyNot: whyNot ?? (({ error }) => error ?? null),
    costOf: costOf ?? (({ card }) => card?.compare?.sampling?.milliseconds ?? 0),
    ...ofRace,
  });

  /**
   * Shows the race: `above` and `below` are parts of the panel, above and below the declared controls, and the rest is
   * as for `playRace`. Returns its `looks`, the element of its `families`, and what it has for the mode.
   * @param {{above?: any[], below?: any[]} & Record<string, any>} how
   */
  function play({ above = [], below = [], ...how }) {
    const names = figuresIn(self)({}).map(([name]) => name);
    const label = sayOf(self)({ many: pictures.drawer.many, whose: whose(ctx) }, "films");
    const shown = { label, names, hidden: pictures.isLacking, ...how };
    const { film, families, head, looks } = playRace(self, race, /** @type {any} */ (shown));
    const fold = (isOpen) => head.classList.toggle("one-figure", !isOpen);
    if (how.numbersOf) head.append(createMore("numbers", ["All numbers", "Fewer numbers"], fold)); // of the film
    else if (names.length !== 1) head.append(allNumbers(self, [families, head]));
    const nothing = h("p", { class: "empty", hidden: () => lacking() === null }, () => lacking() ?? "");
    const mode = {
      main: h("div", { class: "race" }, nothing, film.host),
      above: [head, pictures.chooser, pictures.second, ...above],
      below: below.length ? [h("div", { class: "row" }, below)] : [],
      enter: pictures.enter,
      leave: () => race.queue.leave(),
      hasResult: (what) => (what === "table" ? race.finished.value : race.films.value).length > 0,
      race: Object.assign(toldOf(race, film), { requestOf: requestTo }),
    };
    return { looks, families, mode };
  }
  return { ...pictures, race, requestTo, play };
}
