/** What everything shares that shows, in a player, the films that its queue has made on the server. */

/** A subclass has a `film`, which plays, and a `queue`, which asks. */
export class Filmed {
  /** Nobody looks any more: the film stands still, and the server's work ends. */
  leave() {
    this.film.pause();
    this.queue.stop();
  }

  /** Hands a key to the player; true where it was meant for it. */
  key(event) {
    this.film.key(event);
    return event.defaultPrevented;
  }
}
