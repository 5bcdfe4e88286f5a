/** Parts shared by modes that show a film in a player, and by those whose films a queue has the server make. */

/** True if a film plays once: the address has no place for it in the field `key`, and motion is not reduced. */
export const playsOnce = ({ store, fields, prefersReducedMotion }, key) =>
  store.get()[key] === fields[key].initial && !prefersReducedMotion();

/** A subclass may have a `film`, which plays; `inside` says whether the mode is on screen. */
export class Played {
  inside = false;

  enter() {
    this.inside = true;
  }

  /** Nobody looks any more: the film stands still. */
  leave() {
    this.inside = false;
    this.film?.pause();
  }

  /** Hands a key to the player; true where it was meant for it. */
  key(event) {
    this.film?.key(event);
    return event.defaultPrevented;
  }
}

/** A subclass has a `queue` besides, which asks. */
export class Filmed extends Played {
  /** The server's work ends, too. */
  leave() {
    super.leave();
    this.queue.leave();
  }
}
