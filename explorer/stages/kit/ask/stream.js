/** Films that the server makes while they are shown: frames arrive as they are computed. A film out of sight ends. */

import { SPACES } from "../../spaces/spaces.js";
import { fromBase64, unpackBits } from "../plane/tensors.js";
import { isReached, NEEDS_SERVER } from "./line.js";

const SILENCE = "The server did not answer. What has arrived stays; try again in a moment.";
const NO_NEWS_MS = 50;
const AGAIN = 2;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A step as the server sent it, with arrays for text. @param {Answer} frame @param {SpaceReader} space @returns {Frame} */
function readFrame({ x, pictures, known, ...frame }, { read }) {
  const others = Object.entries(pictures ?? {}).map(([name, text]) => [name, read(fromBase64(text))]);
  const arrays = { x: read(fromBase64(x)), pictures: Object.fromEntries(others) };
  return /** @type {Frame} */ ({ ...frame, ...arrays, known: known ? unpackBits(fromBase64(known)) : null });
}

/** @returns {Film} */
const newFilm = () => ({
  id: null,
  space: null,
  count: 0,
  total: 0,
  planned: 0,
  frames: [],
  done: false,
  evaluations: 0,
  seconds: 0,
  waiting: 0,
  left: 0,
  error: null,
});

/**
 * The recorded film of a question, as the browser may have kept it; null where there is none.
 * @param {Filming} ctx @param {string} name @param {any} argument
 */
async function recordedFilm({ base, value }, name, argument) {
  const folder = value?.().films?.[name];
  if (!folder) return null;
  try {
    const { question, ...film } = await (await fetch(`${base}${folder}/${argument.data}.json`)).json();
    const isSame = (/** @type {string} */ key) => JSON.stringify(question[key]) === JSON.stringify(argument[key]);
    return Object.keys(argument).every(isSame) ? film : null;
  } catch {
    return null;
  }
}

class Stream {
  /**
   * `name` starts the film on the server with `argument`; `isSeen()` is false while the mode is out of sight.
   * @param {Filming} ctx @param {string} name @param {unknown} argument @param {FilmHandlers} handlers
   * @param {() => boolean} isSeen
   */
  constructor(ctx, name, argument, { onFrames, onEnd }, isSeen) {
    this.ctx = ctx;
    this.server = ctx.server;
    this.name = name;
    this.onFrames = onFrames;
    this.onEnd = onEnd;
    this.isSeen = isSeen;
    this.film = newFilm();
    this.over = false;
    this.run(argument);
  }

  /**
   * Asks for frames until the last one; if the server has dropped the film meanwhile, it is started again and
   * continues.
   * @param {unknown} argument
   */
  async run(argument) {
    let lost = 0;
    await this.begin(argument);
    while (!this.over) {
      const { film } = this;
      const answer = await this.call("frames", { id: film.id, from: film.frames.length });
      if (this.over) return;
      if (!this.isSeen()) return this.end();
      const isLost = answer.from === undefined;
      if (isLost && lost++ < AGAIN) {
        await this.begin(argument);
        continue;
      }
      if (!isLost) lost = 0;
      this.take(answer);
      if (film.error || film.done) return this.finish();
      this.onFrames(film);
      if (!answer.frames.length) await pause(NO_NEWS_MS);
    }
  }

  /** @param {unknown} argument */
  async begin(argument) {
    const { film } = this;
    const begun = await this.call(this.name, argument);
    const kept = begun.error === NEEDS_SERVER ? await recordedFilm(this.ctx, this.name, argument) : null;
    if (kept && !this.over) {
      Object.assign(film, { ...kept, frames: film.frames, planned: kept.evaluations });
      this.take({ ...kept, from: 0, done: true, waiting: 0, left: 0, seconds: 0 });
      return this.finish();
    }
    if (begun.error) film.error = begun.error;
    else {
      const { id, space, count, total, evaluations: planned } = begun;
      Object.assign(film, { id, space, count, total, planned });
    }
    if (this.over) this.tellServer();
    else if (begun.error) this.finish();
  }

  /** @param {Answer} answer */
  take({ frames = [], from, done, waiting, left, evaluations, seconds, error }) {
    const { film } = this;
    film.error = error ?? null;
    if (from === undefined) return;
    film.frames.push(...frames.slice(film.frames.length - from).map((frame) => readFrame(frame, SPACES[film.space])));
    Object.assign(film, { done, waiting, left, evaluations, seconds });
  }

  finish() {
    this.over = true;
    this.onEnd(this.film);
  }

  /** Ends the film here and reports it. */
  end() {
    if (this.over) return;
    this.stop();
    this.onEnd(this.film);
  }

  /** Whoever asked for the film wants no more of it. */
  stop() {
    if (this.over) return;
    this.over = true;
    if (this.film.id !== null) this.tellServer();
  }

  tellServer() {
    if (this.film.id !== null) this.call("stop", { id: this.film.id });
  }

  /** @param {string} name @param {unknown} argument @returns {Promise<Answer>} */
  async call(name, argument) {
    try {
      const answer = await this.server[name](argument);
      if (answer) return answer;
    } catch (error) {
      console.warn(name, error);
    }
    return { error: (await isReached()) ? SILENCE : NEEDS_SERVER };
  }
}

/** @typedef {Pick<Ctx, "root" | "server" | "say"> & Partial<Pick<Ctx, "base" | "value">>} Filming */

/**
 * The films of a mode: `start(name, argument, { onFrames(film), onEnd(film) })` returns { stop() }.
 *
 * `onEnd` is called once, unless the film was stopped or another of the same name has replaced it. If the mode was
 * hidden, the film is neither done nor has an error.
 * @param {Filming} ctx
 */
function createStreams(ctx) {
  const { root, say } = ctx;
  /** @type {Map<string, Stream>} */
  const running = new Map();
  const isSeen = () => !document.hidden && root.isConnected && root.clientWidth > 0;
  const endUnseen = () => !isSeen() && stop();

  /** @type {Ctx["stream"]} */
  function start(name, argument, { onFrames = () => {}, onEnd = () => {} }) {
    running.get(name)?.stop();
    const asked = say.asks();
    const arrived = (/** @type {(film: Film) => void} */ tell) => (/** @type {Film} */ film) => {
      if (film.frames.length && !film.error) say.answered(asked);
      tell(film);
    };
    const handlers = { onFrames: arrived(onFrames), onEnd: arrived(onEnd) };
    const stream = new Stream(ctx, name, argument, handlers, isSeen);
    running.set(name, stream);
    return stream;
  }

  function stop() {
    for (const stream of running.values()) stream.end();
  }

  document.addEventListener("visibilitychange", endUnseen);
  new ResizeObserver(endUnseen).observe(root);
  return { start, stop };
}

/** Gives a mode films of its own, `ctx.stream`, which end when it is left. @param {ModeModule} mode @returns {ModeModule} */
export const streaming = (mode) => ({
  ...mode,
  create(ctx) {
    const streams = createStreams(ctx);
    const instance = mode.create(Object.create(ctx, { stream: { value: streams.start } }));
    const leave = instance.leave?.bind(instance);
    instance.leave = () => {
      leave?.();
      streams.stop();
    };
    return instance;
  },
});
