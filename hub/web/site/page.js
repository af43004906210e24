// What every page's script starts from: its data, its texts, and building the page without ever parsing markup.

export const page = JSON.parse(document.body.dataset.page);

/** A text of the reader's language, with `{name}` filled in. */
export function say(key, values = {}) {
  const text = page.texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** A text of the hub's that comes in all languages. */
export function inLanguage(text) {
  return text?.[page.language] ?? Object.values(text ?? {})[0] ?? "";
}

/** The element of the page with this `data-part`. */
export function part(name) {
  return document.querySelector(`[data-part="${name}"]`);
}

/** A new element; children are elements or plain text. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** One of the house's icons. */
export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  drawing.append(use);
  return drawing;
}

/** Sets text only when it differs, so that readers aloud are not told the same again. */
export function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** Changing figures in cells of one width: the house's font has no tabular figures. */
export function writeFigures(target, text) {
  if (target.dataset.figures === text) return;
  target.dataset.figures = text;
  target.setAttribute("aria-label", text);
  const cells = [...text].map((letter) => {
    if (!/[\d:]/.test(letter)) return document.createTextNode(letter);
    return element("span", { class: letter === ":" ? "cell thin" : "cell", "aria-hidden": "true" }, letter);
  });
  target.replaceChildren(...cells);
}

/** Makes a list hold these items; an item that did not change keeps its element, and with it the focus. */
export function fill(list, items, keyOf, build) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const next = items.map((item) => {
    const key = String(keyOf(item));
    const content = JSON.stringify(item);
    const before = old.get(key);
    if (before?.dataset.content === content) return before;
    const focused = before?.contains(document.activeElement);
    const made = build(item);
    made.dataset.key = key;
    made.dataset.content = content;
    if (focused) queueMicrotask(() => made.querySelector("button, a")?.focus());
    return made;
  });
  const same = next.length === list.children.length && next.every((one, at) => one === list.children[at]);
  if (!same) list.replaceChildren(...next);
}

/** `09:41` on the centre's clock, from a time with an offset. */
export function clockTime(time, { seconds = false } = {}) {
  return time.slice(11, seconds ? 19 : 16);
}

/** The hub's clock, kept from what it says: a browser's own may be wrong. */
export const hubClock = {
  ahead: 0,
  zone: "+00:00",
  hear(time) {
    this.ahead = Date.parse(time) - Date.now();
    this.zone = /[+-]\d\d:\d\d$/.exec(time)?.[0] ?? "+00:00";
  },
  now() {
    return Date.now() + this.ahead;
  },
  /** The present time as the hub writes it, with its offset. */
  text(at = this.now()) {
    const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(this.zone);
    const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60000;
    return new Date(at + offset).toISOString().slice(0, 19) + this.zone;
  },
  secondsSince(time) {
    return Math.max(0, Math.floor((this.now() - Date.parse(time)) / 1000));
  },
};

/** `20 phút`, or seconds below a minute. */
export function duration(seconds) {
  return seconds < 60 ? say("officer.seconds", { n: seconds }) : say("officer.minutes", { n: Math.floor(seconds / 60) });
}

/** A random id for a request, also where `crypto.randomUUID` is kept from plain http. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [0, 8, 12, 16, 20].map((from, at) => digits.slice(from, [8, 12, 16, 20, 32][at])).join("-");
}
