/**
 * Questions to one server function. They are asked one after the other, and only the newest ones count. Answers are
 * remembered, so no question is asked twice. The status line reports a failure; the question is asked again when it is
 * wanted again, but not by the report itself.
 */

const REMEMBERED = 200; // more than are ever wanted together
const HELD_MS = 500; // as the news of a failure may lead to the same question

const keyOf = (question) => JSON.stringify(question);

/** @typedef {string | ((question: any) => string)} Named */

export class Answered {
  /**
   * `name` is the server function, or tells it of a question. `onChange()`, if given, is called after an answer or a failure, and not before the
   * mode is on screen. Of an answer, `read(answer, question)` is remembered; the `most` that are must be more than are
   * wanted together. Calls of another `own` line do not overtake these.
   * @param {Ctx} ctx @param {Named} name @param {(() => void) | null} onChange
   * @param {{read?: (answer: Answer, question: unknown) => any, most?: number, own?: string}} how
   */
  constructor(ctx, name, onChange = null, { read = (answer) => answer, most = REMEMBERED, own = String(name) } = {}) {
    this.ctx = ctx;
    this.name = name;
    this.onChange = onChange;
    this.read = read;
    this.most = most;
    this.own = own;
    /** @type {unknown[]} */
    this.wanted = [];
    /** @type {Map<string, any>} */
    this.known = new Map();
    /** @type {Map<string, number>} */
    this.lost = new Map();
    /** @type {Promise<void> | null} */
    this.working = null;
    /** @type {string | null} */
    this.key = null;
    /** @type {string | null} */
    this.of = null;
    this.value = null;
    this.asked = null;
    this.isNew = false;
  }

  /**
   * Asks these questions in this order, before any other; null is no question, and has no answer. An earlier `value`
   * stays until the first of them is answered. Resolves when no wanted answer is pending.
   * @param {unknown[]} questions
   */
  want(...questions) {
    const [first = null] = questions;
    this.wanted = first === null ? [] : questions;
    this.key = keyOf(first);
    if (first === null) this.hold(null, null, false);
    for (const [key, at] of this.lost) if (performance.now() - at > HELD_MS) this.lost.delete(key);
    this.take();
    if (this.next) this.working ??= this.work();
    this.tell();
    return this.working;
  }

  /** Resolves to the answer to a question; null if it failed, or others were wanted before it was asked. @param {unknown} question */
  async get(question) {
    await this.want(question);
    return this.to(question);
  }

  /** The answer to a question, or null before it. @param {unknown} question */
  to(question) {
    return this.known.get(keyOf(question)) ?? null;
  }

  /** True if the first question got no answer. */
  get failed() {
    return this.lost.has(this.key);
  }

  /** True if the value answers the first question. */
  get isCurrent() {
    return this.value !== null && this.of === this.key;
  }

  get next() {
    return this.wanted.find((each) => !this.to(each) && !this.lost.has(keyOf(each)));
  }

  async work() {
    for (let question = this.next; question; question = this.next) {
      const key = keyOf(question);
      const name = typeof this.name === "string" ? this.name : this.name(question);
      const answer = await this.ctx.ask(name, question, { own: this.own, again: () => this.retry() });
      if (answer) this.known.set(key, this.read(answer, question));
      else this.lost.set(key, performance.now());
      if (this.known.size > this.most) this.known.delete(this.known.keys().next().value);
      this.isNew ||= this.wanted.some((each) => keyOf(each) === key);
      this.take();
      this.tell();
    }
    this.working = null;
  }

  /** The first question may be answered. */
  take() {
    const value = this.known.get(this.key);
    if (value && this.of !== this.key) this.hold(value, this.wanted[0], true);
  }

  hold(value, asked, isNew) {
    this.of = this.key;
    this.value = value;
    this.asked = asked;
    this.isNew = isNew;
  }

  /** Forgets failures: a failed question is asked again as soon as it is wanted. */
  forgive() {
    this.lost.clear();
  }

  /** A visitor wants what failed after all. */
  retry() {
    this.forgive();
    this.ctx.again();
  }

  tell() {
    const { panel, entered, store } = this.ctx;
    if (!this.isNew || !this.onChange || !panel.isConnected || entered !== store.get().mode) return;
    this.isNew = false;
    this.onChange();
  }
}
