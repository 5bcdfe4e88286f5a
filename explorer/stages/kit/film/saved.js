/** A film as a GIF or as WebM: of all its steps, once they are made. */

const SHORTEST_GIF_MS = 20;
const LOOK_MS = 200; // whether a film is made

/**
 * Saves a film by `save`, in a file of the kind `ending`, of `still()`, the picture on screen, at each step of a film, and goes back to this step; none once the film
 * is left. `onWait()` is called while steps are still on their way.
 */
export async function saveFilm(film, still, { save, ending, onWait, onProgress }) {
  film.pause();
  film.saving = true;
  const before = film.index;
  try {
    await made(film, onWait);
    const { steps } = film;
    if ((await steps.prepare?.()) === false) return;
    const few = some(steps.length, film.frames);
    const delay = Math.max(SHORTEST_GIF_MS, (film.delay * steps.length) / few.length);
    const pictureOf = async (k) => {
      if (!film.saving) return null;
      film.go(few[k], { rest: false, playing: true });
      const picture = await still();
      return film.saving ? picture : null;
    };
    await save(few.length, pictureOf, film.filename.replace(/gif$/, ending), { delay, onProgress });
  } finally {
    if (film.saving) film.go(before);
    film.saving = false;
  }
}

/** Resolves when no more steps are on their way, or the film was left. */
async function made(film, onWait) {
  while (film.saving && film.queue && !film.queue.rests) {
    onWait();
    await new Promise((look) => setTimeout(look, LOOK_MS));
  }
}

/** Indices of at most `count` of the steps, including the first and the last. */
function some(length, count) {
  const few = Math.min(length, count);
  return Array.from({ length: few }, (_, k) => Math.round((k * (length - 1)) / Math.max(1, few - 1)));
}
