// Whether the halls have seen and heard the call: their screens say it, and their silence is said too.

import { element, fill, icon, inLanguage, part, say } from "/static/site/page.js";

const ICONS = { sent: "clock", speaking: "call", spoken: "done", silent: "board", missing: "warn" };

/** One line a hall; nothing where no screen can tell. */
export function drawHalls(shown) {
  fill(part("halls"), shown, (one) => one.board, (one) =>
    element("p", { class: one.seen }, icon(ICONS[one.seen]), element("span", {}, say(`halls.${one.seen}`, { hall: inLanguage(one.name) }))),
  );
}
