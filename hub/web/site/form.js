// A form that leads to the staff's pages: sent as JSON, its trouble said beside it, its button at rest meanwhile.

import { ask } from "/static/site/hub.js";
import { inLanguage, part, say, write } from "/static/site/page.js";

/** Sends the page's form to `path`; `words`: texts by status instead of the hub's own; `wrong`: told of a refusal. */
export function guide({ path, words, wrong = () => {} }) {
  part("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = firstMissing();
    if (missing) return show(say("problem.missing"), missing);
    part("send").disabled = true;
    const body = Object.fromEntries(new FormData(part("form")));
    const answer = await ask("POST", path, { body, csrf: null });
    part("send").disabled = false;
    if (answer.ok) return location.assign("/");
    show(wordsFor(answer, words));
    wrong();
    if (answer.body?.retry_after_s) rest(answer.body.retry_after_s);
  });
}

/** Empties a field and puts the cursor there. */
export function forget(name) {
  const field = part("form").elements.namedItem(name);
  field.value = "";
  field.focus();
}

function wordsFor(answer, words) {
  if (answer.status === 0) return say("problem.no_hub");
  const own = words[answer.status];
  if (own && answer.body?.code !== "password-weak") return say(own);
  return inLanguage(answer.body?.message) || say("problem.no_hub");
}

function firstMissing() {
  const fields = [...part("form").querySelectorAll("input")];
  for (const field of fields) field.setAttribute("aria-invalid", String(!field.checkValidity()));
  return fields.find((field) => !field.checkValidity());
}

function show(text, field) {
  part("trouble").hidden = false;
  write(part("trouble-word"), text);
  field?.focus();
}

/** Tried too fast: the button rests, and says for how long. */
function rest(seconds) {
  const button = part("send");
  const label = button.textContent;
  button.disabled = true;
  const until = performance.now() + seconds * 1000;
  const timer = setInterval(() => {
    const left = Math.ceil((until - performance.now()) / 1000);
    write(button, left > 0 ? say("problem.wait", { n: left }) : label);
    if (left > 0) return;
    clearInterval(timer);
    button.disabled = false;
  }, 250);
}
