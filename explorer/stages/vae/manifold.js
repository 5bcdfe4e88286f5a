/** The decoded manifold behind the points: coarse while β or the view moves, sharp when they rest. */

const REST_MS = 120;
const CELL = { sharp: 30, coarse: 60 };
const OPACITY = { light: 0.24, dark: 0.36 };

/**
 * A picture of the decoder over the visible lattice. `want(...)` may be called every frame; `tile()` is the latest
 * picture with its place in the plane, or null. Cells lie on a lattice that does not depend on where one looks.
 */
export function createManifold(onready) {
  const worker = new Worker(new URL("./manifold_worker.js", import.meta.url), { type: "module" });
  const inFlight = new Map();
  let lastId = 0;
  let next = null;
  let current = null;
  let sent = null;
  let wanted = "";
  let timer = 0;

  worker.onmessage = ({ data: { id, bitmap } }) => {
    const request = inFlight.get(id);
    inFlight.delete(id);
    if (bitmap) {
      current?.bitmap.close();
      current = { ...request.place, bitmap };
      onready();
    }
    if (next) post(next);
  };

  /** A coarse picture is always finished, so that something follows the finger; a sharp one gives way. */
  function post(request) {
    next = [...inFlight.values()].some(({ sharp }) => !sharp) ? request : null;
    if (next) return;
    lastId += 1;
    inFlight.set(lastId, request);
    worker.postMessage({ request: { id: lastId, ...request.place, ...request.look } });
  }

  function want({ decoder, beta, view, theme, ink }) {
    const key = [decoder.layers === sent ? "" : "new", beta, view.extent(), theme].join();
    if (key === wanted) return;
    wanted = key;
    if (decoder.layers !== sent) worker.postMessage({ layers: decoder.layers, settings: decoder.settings });
    sent = decoder.layers;
    const look = { beta, ink, opacity: OPACITY[theme] };
    post({ place: lattice(view, CELL.coarse), look, sharp: false });
    clearTimeout(timer);
    timer = setTimeout(() => post({ place: lattice(view, CELL.sharp), look, sharp: true }), REST_MS);
  }

  return { want, tile: () => current };
}

/** The cells that cover the view, their spacing a power of two that shows at `pixels` or a little more. */
function lattice(view, pixels) {
  const spacing = 2 ** Math.ceil(Math.log2(pixels / view.scale) - 0.25);
  const [left, right, bottom, top] = view.extent();
  const [i0, i1] = [Math.floor(left / spacing), Math.ceil(right / spacing)];
  const [j0, j1] = [Math.floor(bottom / spacing), Math.ceil(top / spacing)];
  const [columns, rows] = [i1 - i0, j1 - j0];
  return {
    left: i0 * spacing,
    top: j1 * spacing,
    columns,
    rows,
    spacing,
    width: columns * spacing,
    height: rows * spacing,
  };
}
