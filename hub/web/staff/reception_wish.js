// What the desk gives a number for: a service, a class; and the number that came of it, large enough to write down.

import { element, fill, inLanguage, page, part, say, write } from "/static/site/page.js";

export class Wish {
  constructor(give) {
    this.give = give;
    this.service = null;
    this.class = null;
    this.queue = null;
  }

  /** What is asked of the hub; null while no service is chosen. */
  wanted() {
    if (!this.service) return null;
    return { service: this.service, class: this.class ?? this.queue.classes[0].id };
  }

  choose(digit) {
    const button = part("services").querySelectorAll("input:not(:disabled)")[digit - 1];
    button?.click();
    button?.focus();
  }

  clear() {
    this.service = this.class = null;
    part("given").hidden = true;
  }

  /** The number has been given: it is written down or told, and the next one begins with nothing chosen. */
  given(ticket, queue) {
    this.clear();
    const service = queue.services.find((one) => one.id === ticket.service);
    const places = ticket.counters.map((id) => inLanguage(queue.counters.find((one) => one.id === id)?.label));
    part("given").hidden = false;
    const words = page.kiosk ? "reception.given_printed" : "reception.given";
    write(part("given-word"), say(words, { service: inLanguage(service?.name), kiosk: page.kiosk }));
    write(part("given-number"), ticket.number);
    const ahead = say("reception.ahead", { n: ticket.people_ahead });
    write(part("given-hint"), [ahead, places.join(` ${say("officer.or")} `)].filter(Boolean).join(" · "));
    document.activeElement.blur();
  }

  draw(queue, pending) {
    this.queue = queue;
    part("class-choice").hidden = !part("given").hidden;
    const open = queue.services.filter((one) => one.open);
    if (!open.some((one) => one.id === this.service)) this.service = null;
    part("no-services").hidden = open.length > 0;
    const services = open.map((one, at) => ({ ...one, tickets: null, digit: at < 9 ? at + 1 : null }));
    fill(part("services"), services, (one) => one.id, (one) => this.serviceChoice(one));
    fill(part("classes"), queue.classes, (one) => one.id, (one) => this.choice("class", one.id, inLanguage(one.name)));
    this.mark("service", this.service);
    this.mark("class", this.class ?? queue.classes[0]?.id);
    const chosen = open.find((one) => one.id === this.service);
    write(part("give-word"), pending ? say("officer.sending") : chosen ? say("reception.give", { prefix: chosen.prefix }) : say("reception.choose"));
    part("give").disabled = Boolean(pending) || !chosen || queue.classes.length === 0;
  }

  serviceChoice(one) {
    const people = element("span", { class: "people" }, say("officer.people", { n: one.waiting }));
    const rest = [element("span", { class: "letter" }, one.prefix), element("b", {}, inLanguage(one.name)), people];
    if (one.digit) rest.push(element("kbd", { class: "key", "aria-hidden": "true" }, String(one.digit)));
    return this.choice("service", one.id, ...rest);
  }

  choice(name, id, ...words) {
    const input = element("input", { type: "radio", name, value: id });
    input.addEventListener("change", () => {
      this[name] = id;
      part("given").hidden = true;
      this.draw(this.queue, null);
    });
    return element("li", {}, element("label", {}, input, ...words));
  }

  mark(name, id) {
    for (const input of part("issue").querySelectorAll(`input[name="${name}"]`)) input.checked = input.value === id;
  }
}
