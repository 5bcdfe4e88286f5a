/** The numbers of a figure of plotly as rows: every point of every line, or every place of a surface. */

/** @param {PlotFigure} figure @returns {TableRows} */
export function tableOf({ data, layout }) {
  const name = (axis, otherwise) => (axis?.title?.text ?? otherwise).replace(/^[−-]\s*/, "negative ");
  const deep = data.find(({ type }) => type === "surface");
  if (deep) {
    const { scene } = layout;
    const rows = deep.z.flatMap((line, j) => line.map((z, i) => [deep.x[i], deep.y[j], z]));
    return [[name(scene?.xaxis, "x"), name(scene?.yaxis, "y"), name(scene?.zaxis, "z")], ...rows];
  }
  const wide = (error) => error?.array ?? [];
  const down = (error) => error?.arrayminus ?? [];
  const uneven = data.some(({ error_y }) => error_y?.arrayminus);
  const rows = data.flatMap((line) =>
    line.x.map((
      x,
      i,
    ) => [line.name ?? "", x, wide(line.error_x)[i], line.y[i], wide(line.error_y)[i], down(line.error_y)[i]])
  );
  const head = [
    "of",
    name(layout.xaxis, "x"),
    "error across",
    name(layout.yaxis, "y"),
    uneven ? "error up" : "error",
    "error down",
  ];
  const kept = head.map((_, column) => column).filter((column) =>
    rows.some((row) => ![undefined, ""].includes(row[column]))
  );
  return [head, ...rows].map((row) => kept.map((column) => row[column]));
}
