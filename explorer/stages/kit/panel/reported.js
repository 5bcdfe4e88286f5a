/** The answer to the question of a mode, which brings its numbers, its sentence and its table. */

import { askedAnswers } from "../ask/asked.js";
import { whenever } from "../base/live.js";
import { computed } from "../base/vendor/signals-core.js";
import { tableOfFigures } from "../export/csv.js";
import { requestOf } from "./controls.js";
import { headline, NOTHING } from "./more.js";
import { dimAnswer } from "./parts.js";

/**
 * Asks what the panel declares. Returns signals as `askedAnswers` does, the `report` of the answer, and its sentence,
 * `words`; the element of its `numbers`, which have names before they are there; `dims(…)` has elements dimmed with an
 * earlier answer, and `mode` is for the mode.
 * @param {import("./mode.js").Self} self
 * @param {object} [how]
 * @param {() => Record<string, any> | null} [how.question] null while something is still to be chosen
 * @param {(value: any) => any} [how.shown] part of the answer with its numbers and its sentence
 */
export function reported(self, how = {}) {
  const { id, ctx, declared, seen } = self;
  const { question = () => requestOf(ctx, declared), shown = (value) => value.report ?? value } = how;
  const answer = askedAnswers(self, declared.ask, question);
  const { value, isCurrent } = answer;
  const report = computed(() => value.value && shown(value.value));
  const words = computed(() => report.value?.words ?? "");
  const heads = ctx.value().heads[id].map((name) => [name, "–", ""]);
  const rows = computed(() => report.value?.numbers ?? heads);
  const numbers = headline(heads, 0);
  whenever(() => {
    numbers.set(rows.value);
    numbers.hidden = value.value !== null && rows.value[0][1] === NOTHING;
  });
  return {
    ...{ ...answer, report, words, numbers },
    dims: (...dims) => whenever(() => dimAnswer({ dims, numbers, seen }, !isCurrent.value)),
    mode: {
      ...{ value, isCurrent, asked: answer.asked },
      hasResult: () => value.value !== null,
      table: () => value.value && { name: id, rows: value.value.table ?? tableOfFigures(rows.value) },
    },
  };
}
