/** Questions to several networks, asked one after the other; what was answered stays known. */

const REMEMBERED = 200;

export class OneByOne {
  /** `name` is the server function; `onChange()` is told of every answer, and of every question that got none. */
  constructor(ctx, name, onChange) {
    Object.assign(this, { ctx, name, onChange, wanted: [], known: new Map(), failed: new Set(), working: null });
  }

  /**
   * Has these questions answered, in this order, before any other; what failed is asked again. Resolves when nothing of
   * what is wanted by then is still to come.
   */
  want(requests) {
    this.wanted = requests;
    this.failed.clear();
    if (this.busy) this.working ??= this.work();
    return this.working;
  }

  /** The answer, or null while there is none. */
  of(request) {
    return this.known.get(JSON.stringify(request)) ?? null;
  }

  hasFailed(request) {
    return this.failed.has(JSON.stringify(request));
  }

  /** True if something wanted is still to come. */
  get busy() {
    return this.next !== undefined;
  }

  get next() {
    return this.wanted.find((request) => !this.of(request) && !this.hasFailed(request));
  }

  async work() {
    for (let request = this.next; request; request = this.next) {
      const answer = await this.ctx.ask(this.name, request);
      if (answer) this.remember(JSON.stringify(request), answer);
      else this.failed.add(JSON.stringify(request));
      this.onChange();
    }
    this.working = null;
  }

  remember(key, answer) {
    this.known.set(key, answer);
    if (this.known.size > REMEMBERED) this.known.delete(this.known.keys().next().value);
  }
}
