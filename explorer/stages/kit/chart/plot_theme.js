/** Template of plotly's charts in a theme: a figure's own settings go before. */

const LINES = [0, 3, 9, 7, 2, 4, 5, 1]; // of the classes, in the order in which they are told apart best
const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];
const MARKS = ["circle", "square", "diamond", "triangle-up", "cross", "x"];

/** @param {Colours} colours */
export function themeOf({ ground, ink, line, classes }) {
  const axis = {
    automargin: true,
    color: ink,
    exponentformat: "power",
    fixedrange: true,
    gridcolor: line,
    linecolor: ink,
    title: { font: { size: 13 }, standoff: 8 },
    zerolinecolor: ink,
  };
  const deep = { ...axis, backgroundcolor: ground, showbackground: false };
  const scatter = DASHES.map((dash, i) => ({
    line: { dash, width: 2 },
    marker: { size: 6, symbol: MARKS[i] },
  }));
  return {
    layout: {
      colorway: LINES.map((index) => classes[index]),
      dragmode: false,
      font: { color: ink, family: "system-ui, sans-serif", size: 13 },
      hoverlabel: { bgcolor: ground, bordercolor: ink, font: { color: ink } },
      hovermode: "closest",
      legend: { orientation: "h", x: 0, y: 0, yanchor: "bottom", yref: "container" },
      margin: { b: 58, l: 60, r: 16, t: 44 },
      paper_bgcolor: ground,
      plot_bgcolor: ground,
      scene: { dragmode: "turntable", xaxis: deep, yaxis: deep, zaxis: deep },
      title: { font: { size: 15 }, x: 0, xanchor: "left", xref: "paper", y: 0.97, yanchor: "top" },
      xaxis: axis,
      yaxis: axis,
    },
    data: { scatter, surface: [{ colorscale: "Cividis", colorbar: { outlinewidth: 0, thickness: 12 } }] },
  };
}
