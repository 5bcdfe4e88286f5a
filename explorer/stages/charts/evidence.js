/** The charts of a tab's evidence, one network at a time. */

import { createAsk } from "../kit/ask/ask.js";
import { button, fill, h, select, setText } from "../kit/base/dom.js";
import { createSay } from "../kit/base/frame.js";
import { palette } from "../kit/chart/palette.js";
import { addStyles, Plot } from "../kit/chart/plot.js";

const UNREAD = "The charts could not be read; their figures stand below.";

/**
 * Asks for the charts of the first network, and shows what there is to choose.
 * @param {Pick<Mounted, "server" | "base"> & {root: HTMLElement, props: {value: {nets: Record<string, string>}}}} mounted
 */
export default function show({ root, props, server, base }) {
  addStyles();
  const nets = Object.entries(props.value.nets);
  const theme = () => (document.body.classList.contains("dark") ? "dark" : "light");
  const status = h("p", { role: "status" });
  const ctx = { base, colours: () => palette(theme(), status) };
  const ask = createAsk(server, createSay(status), root);
  const choice = select("Charts of", nets, nets[0][0], () => open());
  const again = button("Try again", () => open());
  const shown = h("div", { class: "plots" });
  again.hidden = true;
  fill(root, h("div", { class: "row" }, choice), status, again, shown);

  async function open() {
    again.hidden = true;
    fill(shown);
    setText(status, "Reading the charts…");
    const net = choice.input.value;
    const answer = await ask("evidence_charts", { net });
    if (choice.input.value !== net) return;
    again.hidden = answer !== null;
    if (!answer) return status.textContent || setText(status, UNREAD);
    setText(status, answer.charts.length ? "" : "There is nothing to draw yet: it has not been measured.");
    const plots = answer.charts.map((chart, i) => {
      const { height } = chart.figure.layout;
      const plot = new Plot(ctx, { name: `${net}-${i + 1}`, height });
      plot.element.classList.toggle("wide", height !== undefined);
      return { chart, plot };
    });
    fill(shown, plots.map(({ plot }) => plot.element));
    for (const { chart, plot } of plots) plot.show(chart);
  }

  open();
}
