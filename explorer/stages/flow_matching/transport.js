/** The pairing of as many points with as many others whose squared distances have the least sum, exactly. */

/**
 * Which of `b` goes with each of `a`; both are x0, y0, x1, y1, … One point after another is let in by a shortest path of
 * changes (`explorer/models/transport.py`).
 */
export function optimalPairs(a, b) {
  const n = a.length / 2;
  const cost = (row, column) => (a[2 * row] - b[2 * column]) ** 2 + (a[2 * row + 1] - b[2 * column + 1]) ** 2;
  const [rowPrice, columnPrice] = [new Float64Array(n), new Float64Array(n)];
  const rowOf = new Int32Array(n).fill(-1);
  const columnOf = new Int32Array(n).fill(-1);
  for (let fresh = 0; fresh < n; fresh++) {
    const distance = Float64Array.from({ length: n }, (_, k) => cost(fresh, k) - columnPrice[k] - rowPrice[fresh]);
    const cameFrom = new Int32Array(n).fill(fresh);
    const done = new Uint8Array(n);
    let column = nearest(distance, done);
    while (rowOf[column] >= 0) {
      done[column] = 1;
      const [row, least] = [rowOf[column], distance[column]];
      for (let k = 0; k < n; k++) {
        const through = least + cost(row, k) - columnPrice[k] - rowPrice[row];
        if (!done[k] && through < distance[k]) [distance[k], cameFrom[k]] = [through, row];
      }
      column = nearest(distance, done);
    }
    const least = distance[column];
    for (let k = 0; k < n; k++) {
      if (!done[k]) continue;
      columnPrice[k] += distance[k] - least;
      rowPrice[rowOf[k]] += least - distance[k];
    }
    rowPrice[fresh] += least;
    for (let row = -1; row !== fresh;) {
      row = cameFrom[column];
      rowOf[column] = row;
      [column, columnOf[row]] = [columnOf[row], column];
    }
  }
  return columnOf;
}

function nearest(distance, done) {
  let best = -1;
  for (let k = 0; k < distance.length; k++) if (!done[k] && (best < 0 || distance[k] < distance[best])) best = k;
  return best;
}
