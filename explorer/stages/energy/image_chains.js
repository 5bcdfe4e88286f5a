/** Parts shared by the two energies of images: a picture, four chains from it or from noise, and the sentences. */

import { h } from "../kit/base/dom.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { askedAnswer } from "../kit/ask/asked.js";
import { stripFilm } from "../kit/film/strip_film.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { requestOf } from "../kit/panel/controls.js";
import { headline } from "../kit/panel/more.js";
import { takeNet } from "../kit/panel/take_net.js";
import { shows } from "../kit/base/live.js";
import { OF_IMAGES } from "./of_images.js";

const ANY = { test: 0, set: "mnist" }; // where no picture decides what chains do

/**
 * Asks for chains of images, and for what the server finds in the chosen picture. `isFree()` is true where no picture
 * decides what the chains do; `asks` is [server function, question about the picture, which other parts make].
 * @param {import("../kit/panel/mode.js").Self} self
 * @param {object} how the rest is for `stripFilm`
 * @param {() => boolean} how.isFree
 * @param {string} how.nothing
 * @param {[name: string, asked?: () => Record<string, any>]} how.asks
 * @param {"chains"} [how.needs] what needs the picture, unless the question does
 * @param {string} how.doing
 * @param {string} how.label
 * @param {[string, string, string][]} how.charts
 * @param {string | null} [how.fold]
 */
export function imageChains(self, { isFree, nothing, asks: [name, asked = () => ({})], needs, ...chains }) {
  const { id, ctx, state, declared } = self;
  const error = () => ctx.net().error;
  const chooser = new Picture(ctx, { others: false });
  const picked = computed(() => drawnOrTest(state, "mnist"));
  const from = computed(() => (isFree() ? ANY : picked.value));
  const request = () => error() || !from.value ? null : { ...requestOf(ctx, declared), picture: from.value };
  const film = stripFilm(self, { request, ...chains });
  const looked = askedAnswer(self, name, () => error() || !picked.value ? null : { picture: picked.value, ...asked() });
  const heads = ctx.value().heads[id].map((each) => [each, "–"]);
  const numbers = headline(heads, 2);
  shows(numbers, () => looked.value?.numbers ?? heads);
  const isEmpty = () => Boolean(error()) || !(needs === "chains" ? from : picked).value;
  const empty = h("p", { class: "empty", hidden: () => !isEmpty() }, () => error() ?? nothing);

  /** Makes the player, which says these sentences. */
  function play(sentences) {
    const words = computed(() => sentences().filter(Boolean).join(" "));
    return film.play({
      words,
      tell(moving) {
        self.seen(words.peek(), moving);
        if (!moving && words.peek()) ctx.describe(words.peek());
      },
    });
  }
  const mode = {
    ...{ ...film.mode, looked, above: [chooser] },
    table: () => film.table(`${ctx.net().name}-chains`),
    enter() {
      takeNet(ctx, [OF_IMAGES[id]]);
      startWithExample(ctx);
    },
  };
  return { ...film, chooser, looked, numbers, isEmpty, empty, play, mode };
}
