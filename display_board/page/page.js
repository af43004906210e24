// What the board's scripts start from: the page's data and texts, elements made without parsing markup, the hub's clock.

export const page = JSON.parse(document.body.dataset.page);

/** A text of the page's language, with `{name}` filled in. */
export function say(key, values = {}) {
  const text = page.texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** A text of the hub's, which comes in all languages. */
export function inLanguage(text) {
  return text?.[page.language] ?? text?.vi ?? Object.values(text ?? {})[0] ?? "";
}

/** The element with this `data-part`. */
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

/** One of the page's icons. */
export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  drawing.append(use);
  return drawing;
}

/** Sets text only when it differs. */
export function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** Changing figures in cells of one width: the house's face has no tabular figures. */
export function writeFigures(target, text) {
  if (target.dataset.figures === text) return;
  target.dataset.figures = text;
  target.setAttribute("aria-label", text);
  const cells = [...text].map((sign) =>
    element("span", { class: sign === ":" ? "cell thin" : "cell", "aria-hidden": "true" }, sign),
  );
  target.replaceChildren(...cells);
}

/** Makes a list hold these items; an item that did not change keeps its element. */
export function fill(list, items, keyOf, build) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const next = items.map((item) => {
    const key = String(keyOf(item));
    const content = JSON.stringify(item);
    const before = old.get(key);
    if (before?.dataset.content === content) return before;
    const made = build(item);
    made.dataset.key = key;
    made.dataset.content = content;
    return made;
  });
  const same = next.length === list.children.length && next.every((one, at) => one === list.children[at]);
  if (!same) list.replaceChildren(...next);
}

/** `09:41` on the centre's clock, from a time with an offset. */
export function clockTime(time) {
  return time.slice(11, 16);
}

/** The hub's clock, kept from what is heard: the machine's own may be wrong. */
export const hubClock = {
  ahead: 0,
  zone: "+07:00",
  hear(time) {
    this.ahead = Date.parse(time) - Date.now();
    this.zone = /[+-]\d\d:\d\d$/.exec(time)?.[0] ?? "+00:00";
  },
  /** The present as the hub writes it, to the millisecond and with its offset. */
  text() {
    const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(this.zone);
    const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60000;
    return new Date(Date.now() + this.ahead + offset).toISOString().slice(0, 23) + this.zone;
  },
};
