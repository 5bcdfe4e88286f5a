/**
 * A student's page that follows the lecturer's: it takes each state once that rests. Who touches something is free,
 * until *Back to the lecture*. While a vote is on, the stage keeps its answer to itself, as on the lecturer's page.
 */

import { button, h, setText, styled, tellAgain } from "../kit/base/dom.js";
import { recall, remember } from "../kit/base/kept.js";
import { lead } from "../course/leading.js";
import { stateOf } from "../course/steps.js";

const PAUSE_MS = 1000;
const AGAIN_MS = 3000;
const VOTING = ["open", "shown", "again"];

/** Follows the room that the address names. */
export function begin() {
  const code = (new URLSearchParams(globalThis.explorerAddress.search).get("__class") ?? "").toUpperCase();
  if (/^[A-Z]{5}$/.test(code)) new Follower(code).live();
}

class Follower {
  /** @param {string} code */
  constructor(code) {
    styled("follow.css", import.meta.url);
    this.code = code;
    this.key = "";
    this.isFree = false;
    this.state = { version: 0, at: "", phase: "idle", kind: "" };
    this.says = h("span", { role: "status" }, "Following the lecture");
    this.back = button("Back to the lecture", () => this.free(false), { kind: "primary" });
    this.vote = h("a", { href: `${globalThis.gradio_config.root}/r/${code}` }, "Vote");
    this.bar = h("aside", { class: "follow-bar outside", "aria-label": "Lecture" }, this.says, this.back, this.vote);
    document.body.append(this.bar);
    this.free(false);
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, (event) => this.touched(event), true);
  }

  /** @param {Event} event */
  touched(event) {
    const isHere = event.target.closest?.("#families, .nav, .nav-bar, .finder, .menu") &&
      !this.bar.contains(/** @type {Node} */ (event.target));
    if (event.isTrusted && isHere && !this.isFree) this.free(true);
  }

  /** @param {boolean} on */
  free(on) {
    this.isFree = on;
    this.back.hidden = !on;
    setText(this.says, on ? "You are on your own." : "Following the lecture");
    this.take();
  }

  /** Takes the state of the lecture, unless the student is free. */
  take() {
    const { at, phase, kind } = this.state;
    const asks = !this.isFree && !kind && VOTING.includes(phase); // what a class makes has no answer to hide
    setText(this.vote, ["open", "again"].includes(phase) ? "Vote now" : "Vote");
    for (const name of ["course-asks", "course-asks-results"]) document.documentElement.classList.toggle(name, asks);
    tellAgain(document);
    if (!this.isFree && at && stateOf(globalThis.explorerAddress.search) !== at) lead(at, [], true);
  }

  async live() {
    while (true) {
      const found = await this.ask().catch(() => null);
      if (found?.status === 404) return this.end();
      if (found?.status === 200) {
        this.state = found.body;
        this.take();
      }
      await new Promise((done) => setTimeout(done, found?.status === 200 ? PAUSE_MS : AGAIN_MS));
    }
  }

  /** Asks for the next state; before that it joins, with the key of this browser. */
  async ask() {
    const own = `explorer room ${this.code} key`;
    const address = `${globalThis.gradio_config.root}/r/${this.code}`;
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ phone: recall(own) ?? "" });
    const query = `since=${this.state.version}&follows=${Number(!this.isFree)}`;
    const answer = this.key
      ? await fetch(`${address}/state?${query}`, { headers: { "x-phone": this.key }, cache: "no-store" })
      : await fetch(`${address}/join`, { method: "POST", headers, body });
    const found = await answer.json();
    if (found.phone) remember(own, this.key = found.phone);
    return { status: answer.status, body: found };
  }

  end() {
    this.free(true);
    this.back.hidden = true;
    setText(this.says, "The lecture has ended.");
  }
}
