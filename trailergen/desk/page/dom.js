// @ts-check
/** Elements made without markup: nothing on the page is ever read as HTML. */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element. `on...` are listeners, `data` and `aria` objects of attributes, `class` its classes; other names are
 * attributes, of which false, null and undefined are left out.
 * @param {string} name
 * @param {Record<string, any>} [facts]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(name, facts = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(facts)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(made.dataset, value);
    else if (key === "aria") for (const [part, text] of Object.entries(value)) set(made, `aria-${part}`, text);
    else if (key === "vars") for (const [part, text] of Object.entries(value)) made.style.setProperty(part, text);
    else set(made, key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false).map(String_));
  return made;
}

/** @param {any} child */
const String_ = (child) => (child instanceof Node ? child : String(child));

/** @param {Element} element @param {string} name @param {any} value */
export function set(element, name, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/**
 * The element of that id, which the page has.
 * @param {string} id
 * @returns {any}
 */
export const at = (id) => document.getElementById(id);

/**
 * A button.
 * @param {string} text @param {() => void} act @param {Record<string, any>} [facts]
 */
export const button = (text, act, facts = {}) => h("button", { type: "button", onclick: act, ...facts }, text);

/**
 * A labelled control.
 * @param {string} label @param {HTMLElement} control @param {Child} [note]
 */
export const field = (label, control, note) =>
  h("label", { class: "field" }, h("span", { class: "label" }, label), control, note && h("span", { class: "soft" }, note));

/**
 * A choice of several values.
 * @param {[string, string][]} options @param {string} chosen @param {(value: string) => void} act @param {Record<string, any>} [facts]
 */
export function choice(options, chosen, act, facts = {}) {
  const made = /** @type {HTMLSelectElement} */ (h("select", facts));
  for (const [value, text] of options) made.append(h("option", { value, selected: value === chosen }, text));
  made.addEventListener("change", () => act(made.value));
  return made;
}

/** Seconds as m:ss.cc. @param {number} seconds */
export function clock(seconds) {
  const hundredths = Math.round(seconds * 100);
  const whole = Math.floor(hundredths / 100);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}.${String(hundredths % 100).padStart(2, "0")}`;
}

/** True where somebody wants little to move. */
export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
