// Words too wide for their place become smaller, and long ones take two lines. None is cut.

const SMALLEST = 0.3;
const WRAPPED_FROM = 0.62; // or as the mark itself says: data-fit="0.8"
const STEP = 0.04;
const ROW_SMALLEST = 0.66;

/** Fits everything that is marked with `data-fit`, and the row of the newest call as one. */
export function fitAll() {
  const row = document.querySelector('[data-part="big"]');
  if (row && !row.hidden) fitRow(row);
  for (const one of document.querySelectorAll("[data-fit]")) fitWords(one);
}

/** When the face has come, everything is measured anew. */
export function forgetFits() {
  for (const one of document.querySelectorAll("[data-fitted]")) delete one.dataset.fitted;
}

/** Number and label shrink together, so that the arrow stays between equals; only then does the label alone. */
function fitRow(row) {
  const content = `${row.textContent}|${row.clientWidth}`;
  if (row.dataset.fitted === content) return;
  row.dataset.fitted = content;
  row.style.fontSize = "";
  const label = row.querySelector(".label");
  label.style.fontSize = "";
  label.classList.remove("wrapped");
  delete label.dataset.fitted;
  const size = parseFloat(getComputedStyle(row).fontSize);
  for (let scale = 1 - STEP; label.scrollWidth > label.clientWidth + 1 && scale >= ROW_SMALLEST; scale -= STEP) {
    row.style.fontSize = `${size * scale}px`;
  }
}

function fitWords(one) {
  const own = getComputedStyle(one.parentElement).fontSize;
  const content = `${one.textContent}|${one.clientWidth}|${own}`;
  if (one.dataset.fitted === content) return;
  one.style.fontSize = "";
  one.classList.remove("wrapped");
  const size = parseFloat(getComputedStyle(one).fontSize);
  const wrappedFrom = parseFloat(one.dataset.fit) || WRAPPED_FROM;
  for (let scale = 1 - STEP; overflows(one) && scale > SMALLEST; scale -= STEP) {
    one.classList.toggle("wrapped", scale < wrappedFrom);
    one.style.fontSize = `${size * scale}px`;
  }
  one.dataset.fitted = `${one.textContent}|${one.clientWidth}|${own}`;
}

/** Beside its width, wrapped words have a height to keep to; letters with marks may stand out of theirs a little. */
function overflows(one) {
  const marks = parseFloat(getComputedStyle(one).fontSize) * 0.25;
  return one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + marks;
}
