/** A film as a stage of its own: its value is what `explorer.steps.film` collects. */
import { mindSliders } from "../shared/finger.js";
import { num } from "../shared/format.js";
import { fromBase64 } from "../shared/tensors.js";
import { createFilm } from "./film.js";

const IMAGE_SIZE = 112;

function drawImages(canvas, levels, [count, height, width]) {
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const scale = Math.max(2, Math.round(IMAGE_SIZE / Math.max(height, columns > 4 ? 2 * height : height)));
  const small = new OffscreenCanvas(columns * width, rows * height);
  const context = small.getContext("2d");
  for (let image = 0; image < count; image++) {
    const pixels = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      pixels.data.fill(levels[image * width * height + i], 4 * i, 4 * i + 3);
      pixels.data[4 * i + 3] = 255;
    }
    context.putImageData(pixels, (image % columns) * width, Math.floor(image / columns) * height);
  }
  canvas.width = small.width * scale;
  canvas.height = small.height * scale;
  const screen = canvas.getContext("2d");
  screen.imageSmoothingEnabled = false;
  screen.drawImage(small, 0, 0, canvas.width, canvas.height);
}

const asText = (number) => (Number.isInteger(number) ? String(number) : num(number, 3));

function stepsOf(value) {
  if (!value?.frames) return { length: 0 };
  const [length, ...rest] = value.shape;
  const shape = rest.length === 2 ? [1, ...rest] : rest;
  const size = shape[0] * shape[1] * shape[2];
  const frames = fromBase64(value.frames);
  return {
    length,
    draw: (canvas, index) => drawImages(canvas, frames.subarray(index * size, (index + 1) * size), shape),
    caption: (index) => value.captions[index] ?? "",
    numbers: (index) => Object.entries(value.numbers[index] ?? {}).map(([name, number]) => [name, asText(number)]),
  };
}

export function mount({ element, props, watch }) {
  const container = element.querySelector(".stage");
  const label = props.label || "Film";
  const film = createFilm(container, { steps: stepsOf(props.value), label });
  mindSliders(container);
  watch("value", () => film.setSteps(stepsOf(props.value)));
}
