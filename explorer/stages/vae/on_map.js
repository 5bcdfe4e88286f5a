/** A mode whose picture is the map; a subclass has an `answer`, or says otherwise whether there is a table. */

export class OnMap {
  constructor(ctx) {
    this.ctx = ctx;
  }

  /** Keys where the map has the focus; where nothing has it, arrows move the film, or the cursor. */
  key(event) {
    const { map } = this.ctx;
    if (event.target === document.body && this.film) return this.film.key(event);
    return [document.body, map.overlay].includes(event.target) && map.key(event);
  }

  hasResult(what) {
    return what === "picture" ? this.ctx.model.ready : Boolean(this.answer);
  }

  get setting() {
    return { beta: this.ctx.store.get().beta };
  }

  picture() {
    return this.ctx.map.picture(this.ctx.panel);
  }
}
