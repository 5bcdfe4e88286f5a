/** Answers of a visitor, kept in this browser and nowhere else. */

import { recall, remember } from "../kit/base/kept.js";

const KEY = "explorer.which-is-real";
const GAMES = 100;

/** All games: by data set, by name, by round: [network, 1 where the answer was right and 0 where it was wrong]. */
function read() {
  const kept = recall(KEY);
  return kept && typeof kept === "object" ? kept : {};
}

export class Tally {
  constructor() {
    this.lost = false;
  }

  /** All games that this browser keeps: another page of it may have added some. */
  get games() {
    return read();
  }

  /** The answers of one game, named by its seed: {round: [network, right]}. */
  game(data, name) {
    return this.games[data]?.[name] ?? {};
  }

  /** Keeps an answer; the first one counts. */
  add(data, name, round, net, right) {
    const game = this.game(data, name);
    if (round in game) return;
    const others = Object.entries(this.games[data] ?? {}).filter(([other]) => other !== name);
    const games = Object.fromEntries([...others.slice(1 - GAMES), [name, { ...game, [round]: [net, Number(right)] }]]);
    this.keep({ ...this.games, [data]: games });
  }

  forget(data) {
    this.keep({ ...this.games, [data]: {} });
  }

  keep(games) {
    if (!remember(KEY, games)) this.lost = true;
  }

  /** Sums over all games with a data set: the images of a network that were shown, and those that were judged real. */
  of(data, net) {
    const answers = Object.values(this.games[data] ?? {}).flatMap((game) => Object.values(game));
    const own = answers.filter(([maker]) => maker === net);
    return { n: own.length, wrong: own.filter(([, right]) => !right).length };
  }
}
