/** For whoever was absent: the log of the class as a file, or as a link that holds all of it. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { download } from "../kit/export/export.js";
import { fragmentOf } from "./log.js";

const ABSENT =
  "The states of this page, the questions and the distributions of the votes. It has no code and no single answer. Save it before the room ends.";

/** The part of a room's card with the log. @param {import("./log.js").ClassLog} log */
export function absentOf(log) {
  const says = h("p", { role: "status" });
  const save = button("Save the log", () => {
    download(new Blob([log.text], { type: "application/json" }), "class-log.json");
    setText(says, `${log.steps.length} steps saved. Open the file with View, Replay a class.`);
  });
  const copy = button("Copy its link", async () => {
    const fragment = await fragmentOf(log.text);
    if (!fragment) return setText(says, "The log is too long for a link. Save it as a file.");
    const link = `${location.origin}${location.pathname}${fragment}`;
    const copied = await navigator.clipboard?.writeText(link).then(() => true, () => false);
    if (copied) setText(says, "The link is copied: it holds the whole log.");
    else fill(says, "Copy this link: ", h("a", { href: link }, "log of this class"));
  });
  return h(
    "details",
    { class: "room-survey" },
    h("summary", {}, "For whoever was absent"),
    h("p", {}, ABSENT),
    h("div", { class: "row" }, save, copy),
    says,
  );
}
