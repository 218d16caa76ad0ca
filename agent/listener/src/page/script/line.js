// The lines of the page. Every sentence stands in the document; here the one that is true is shown and its places are
// filled in. Nothing makes markup.

const page = document.documentElement;
const at = (id) => document.getElementById(id);

/** What was found: the state and the case of each line. */
const found = new Map();

function fill(element, values) {
  for (const place of element.querySelectorAll("[data-value]")) {
    const value = values[place.dataset.value];
    if (value !== undefined) place.textContent = value;
  }
}

const label = (state) => document.querySelector(`[data-label="${state}"]`).textContent;

/** Shows what was found at a line. */
function settle(id, name, values = {}) {
  const line = at(id);
  for (const one of line.querySelectorAll("[data-case]")) {
    one.hidden = one.dataset.case !== name;
    if (one.hidden) continue;
    fill(one, values);
    line.dataset.state = one.dataset.state;
    line.querySelector(".label").textContent = label(one.dataset.state);
    found.set(id, { state: one.dataset.state, name });
  }
}

/** What was found, from the top of the page to its end: the line's id, its state, its case. */
const inOrder = () => [...document.querySelectorAll(".check")].filter(({ id }) => found.has(id)).map(({ id }) => ({ id, ...found.get(id) }));

const linesIn = (state) => inOrder().filter((one) => one.state === state);

const two = (number) => String(number).padStart(2, "0");
const day = (date) => `${two(date.getDate())}.${two(date.getMonth() + 1)}.${date.getFullYear()}`;
const moment = (date) => `${day(date)} ${two(date.getHours())}:${two(date.getMinutes())}`;
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
