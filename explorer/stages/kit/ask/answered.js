/** One kind of question to Python, of which the newest counts; an earlier answer stays until the next one is there. */

const HELD_MS = 500; // as the news of a failure may lead to the same question

export class Answered {
  /**
   * `name` is the server function; `onChange()` is told when an answer has come, or did not: once the mode is on screen
   * again, if that was after it was left.
   */
  constructor(ctx, name, onChange) {
    Object.assign(this, { ctx, name, onChange, turn: 0, key: null, of: null, value: null, asked: null, failed: false });
    Object.assign(this, { isNew: false, lost: null, lostAt: 0 });
  }

  /** Has this asked, unless it was asked last or failed just now; null is no question, and there is no answer to it. */
  async want(question) {
    const key = JSON.stringify(question);
    if (key === this.key) return this.tell();
    if (key === this.lost && performance.now() - this.lostAt < HELD_MS) return;
    const turn = ++this.turn;
    Object.assign(this, { key, failed: false, isNew: false });
    if (question === null) return Object.assign(this, { of: key, value: null, asked: null });
    const value = await this.ctx.ask(this.name, question, { again: () => this.retry() });
    if (turn !== this.turn) return;
    if (value) Object.assign(this, { of: key, value, asked: question });
    else Object.assign(this, { key: null, failed: true, lost: key, lostAt: performance.now() });
    this.isNew = true;
    this.tell();
  }

  /** A visitor wants what failed after all. */
  retry() {
    this.lost = null;
    this.ctx.again();
  }

  tell() {
    const { panel, entered, store } = this.ctx;
    if (!this.isNew || !panel.isConnected || entered !== store.get().mode) return;
    this.isNew = false;
    this.onChange();
  }

  /** True if the answer is to the last question. */
  get isCurrent() {
    return this.value !== null && this.of === this.key;
  }
}
