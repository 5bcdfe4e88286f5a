/** log p(x) as a stacked bar: the ELBO and what it lacks, drawn to one scale over the last few nats. */
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";

const WINDOWS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const ROOM = 1.6;

function block(kind, width, name, nats) {
  const text = `${name} ${num(nats)}`;
  return h("div", { class: `gap-block ${kind}`, style: `width: ${100 * width}%`, title: `${text} nats` });
}

function legend(kind, name, nats, error = null) {
  const text = error === null ? num(nats) : `${num(nats)} ± ${num(error)}`;
  return h("li", {}, h("span", { class: `gap-key ${kind}` }), `${name} `, h("span", { class: "number" }, text));
}

/** `fitted` splits KL(q‖p) into what one image's own q wins and what no such q can. */
function blocksOf({ elbo, kl_q_p: gap, fitted }) {
  const split = fitted &&
    [["amortisation", "+ amortisation", fitted.amortisation_gap], ["family", "+ family", fitted.family_gap]];
  return [["elbo", "ELBO", elbo], ...(split ?? [["kl", "+ KL(q‖p)", gap]])];
}

export function createGapBar() {
  const bar = h("div", { class: "gap-bar" });
  const keys = h("ul", { class: "gap-keys" });
  const element = h("div", { class: "gap", role: "group", "aria-label": "log p(x) as a sum" }, bar, keys);

  function show(answer) {
    const { log_px: exact, kl_q_p: gap, iwae, iwaeError } = answer;
    const nats = WINDOWS.find((width) => width >= ROOM * gap) ?? 2 * gap;
    const blocks = blocksOf(answer);
    const rest = blocks.slice(1).map(([kind, name, value]) => block(kind, Math.max(0, value) / nats, name, value));
    const left = 1 - blocks.slice(1).reduce((sum, [, , value]) => sum + Math.max(0, value) / nats, 0);
    const place = 1 - (exact - iwae) / nats;
    const mark = h("div", {
      class: "gap-mark",
      style: `left: ${100 * Math.min(1, Math.max(0, place))}%`,
      title: `IWAE ${num(iwae)} nats`,
    });
    fill(bar, block("elbo", left, "ELBO", answer.elbo), rest, mark);
    fill(keys, blocks.map((entry) => legend(...entry)), legend("iwae", "IWAE", iwae, iwaeError));
    bar.title = `The last ${num(nats, 0)} nats below log p(x), to scale`;
  }

  return { element, show };
}
