// What an officer is asked before a press: where to, of which class, why, how it ended. Answered by one key each.

import { element, icon, inLanguage, part, say, write } from "/static/site/page.js";
import { classOf, findNumber, serviceName, sight } from "/static/staff/officer_sight.js";

const KEYS = [..."1234567890abcdefghij"];
const NOTE_LETTERS = 200;

/** Shows a question. Each of `options` is a button with a key; `deed()` is done when it is chosen. */
function question({ title, hint = "", fields = [], options, before }) {
  const dialog = part("ask");
  write(part("ask-title"), title);
  write(part("ask-hint"), hint);
  part("ask-hint").hidden = !hint;
  part("ask-fields").replaceChildren(...fields);
  const lines = options.map((one, at) => {
    const key = KEYS[at];
    const words = element("span", {}, one.label, ...(one.detail ? [element("small", {}, one.detail)] : []));
    const button = element("button", { type: "button", class: "button", "data-key": key, "aria-keyshortcuts": key });
    button.append(...(one.mark ? [one.mark] : []), words, element("kbd", { class: "key" }, key.toUpperCase()));
    button.addEventListener("click", () => {
      if (before && !before()) return;
      dialog.close();
      one.deed();
    });
    return element("li", {}, button);
  });
  part("ask-options").replaceChildren(...lines);
  dialog.showModal();
  const first = part("ask-fields").querySelector("input[type=text]:not(.later)") ?? part("ask-options").querySelector("button");
  first?.focus();
}

/** A key pressed while a question stands: chooses, or goes on from a text to the answers. */
export function answerByKey(event) {
  const typing = event.target.matches("input[type=text]");
  if (typing && event.key === "Enter") {
    event.preventDefault();
    part("ask-options").querySelector("button")?.focus();
  }
  if (typing) return;
  const chosen = part("ask-options").querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!chosen) return;
  event.preventDefault();
  chosen.click();
}

function textField(name, label, attributes = {}) {
  const input = element("input", { type: "text", id: `ask-${name}`, name, autocomplete: "off", ...attributes });
  return { input, line: element("p", { class: "ask-line" }, element("label", { for: `ask-${name}` }, label), input) };
}

export function askOnward(ticket, counter, send) {
  const note = textField("note", say("officer.note"), { maxlength: NOTE_LETTERS, class: "later" });
  const words = () => (note.input.value.trim() ? { note: note.input.value.trim() } : {});
  const services = sight.queue.services.filter((one) => one.id !== ticket.service);
  const open = sight.queue.counters.filter((one) => one.id !== counter.id && one.officer);
  question({
    title: say("officer.onward", { number: ticket.number }),
    hint: say("officer.onward_hint"),
    fields: [note.line],
    options: [
      ...services.map((one) => ({
        mark: element("span", { class: "letter" }, one.prefix),
        label: inLanguage(one.name),
        deed: () => send({ service: one.id, ticket: ticket.id, ...words() }),
      })),
      ...open.map((one) => ({
        mark: icon("seat"),
        label: say("officer.onward_counter", { counter: inLanguage(one.label), name: one.officer.display_name }),
        deed: () => send({ counter: one.id, ticket: ticket.id, ...words() }),
      })),
    ].slice(0, KEYS.length),
  });
}

export function askClass(ticket, send) {
  question({
    title: say("officer.class_of", { number: ticket.number }),
    options: sight.queue.classes
      .filter((one) => one.id !== ticket.class)
      .map((one) => ({
        label: inLanguage(one.name),
        detail: inLanguage(classOf(one.id).meaning),
        deed: () => send({ class: one.id, ticket: ticket.id }),
      })),
  });
}

/** Asked only where the centre has reasons or lengths; `send(verb, body)`. */
export function askPause(send) {
  const { pause_reasons, break_min } = sight.queue.choices;
  if (!pause_reasons.length && !break_min.length) return send("pause");
  question({
    title: say("officer.pause_why"),
    hint: say("officer.pause_hint"),
    options: [
      { label: say("officer.pause_open"), deed: () => send("pause") },
      ...pause_reasons.map((one) => ({ label: inLanguage(one.name), deed: () => send("pause", { reason: one.id }) })),
      ...break_min.map((n) => ({ label: say("officer.break", { n }), deed: () => send("break", { minutes: n }) })),
    ],
  });
}

/** Asked only where the centre wants to know; `send(body)` with how it ended, or with nothing. */
export function askEnding(ticket, send) {
  const { outcomes, services_done } = sight.queue.choices;
  if (!outcomes.length && !services_done) return send();
  const boxes = services_done ? sight.queue.services.map((one) => doneBox(one.id, one.id === ticket.service)) : [];
  const done = () => boxes.filter((one) => one.box.checked).map((one) => one.box.value);
  const body = (outcome) => ({ ...(outcome ? { outcome } : {}), done: done() });
  const choices = outcomes.map((one) => ({ label: inLanguage(one.name), deed: () => send(body(one.id)) }));
  const group = element("fieldset", {}, element("legend", {}, say("officer.done")), ...boxes.map((one) => one.line));
  question({
    title: say("officer.ending", { number: ticket.number }),
    fields: boxes.length ? [group] : [],
    options: choices.length ? choices : [{ mark: icon("done"), label: say("verb.finish"), deed: () => send(body()) }],
  });
}

function doneBox(id, checked) {
  const box = element("input", { type: "checkbox", value: id, name: "done" });
  box.checked = checked;
  return { box, line: element("label", { class: "ask-box" }, box, serviceName(id)) };
}

/** A number out of turn, and why; `send(ticket, reason)`. */
export function askPick(send) {
  const number = textField("number", say("officer.pick_number"), { inputmode: "text", autocapitalize: "characters" });
  const told = element("p", { role: "status", class: "hint" });
  const show = () => {
    const found = findNumber(number.input.value);
    const unknown = number.input.value.trim() ? say("officer.pick_unknown") : "";
    write(told, found ? say("officer.pick_found", { number: found.number, service: serviceName(found.service) }) : unknown);
    return found;
  };
  number.input.addEventListener("input", show);
  question({
    title: say("officer.pick"),
    hint: say("officer.pick_hint"),
    fields: [number.line, told],
    before() {
      const found = show();
      if (!found) number.input.focus();
      return Boolean(found);
    },
    options: sight.queue.choices.pick_reasons.map((one) => ({
      label: inLanguage(one.name),
      deed: () => send(findNumber(number.input.value), one.id),
    })),
  });
}
