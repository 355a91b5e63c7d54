// @ts-check
import { at } from "./dom.js";
import { store } from "./store.js";
/** @import { Player } from "./player.js" */

/** Where in the film the clips come from: a bar of the film with its flagged and banned parts, and a thread to each clip. */

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name @param {Record<string, string | number>} facts @param {string} [title] */
function shape(name, facts, title) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(facts)) made.setAttribute(key, String(value));
  if (title) {
    const text = document.createElementNS(SVG, "title");
    text.textContent = title;
    made.append(text);
  }
  return made;
}

/** @param {Player} player */
export function makeMap(player) {
  store.on("state", draw);
  store.on("select", mark);
  at("map").addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const target = /** @type {Element} */ (event.target).closest("[data-n]");
    if (target) {
      store.select(Number(target.getAttribute("data-n")));
      player.seek(store.position.record[0]);
      return;
    }
    const box = at("map").getBoundingClientRect();
    const frame = ((event.clientX - box.left) / box.width) * store.film.frames;
    const shot = store.film.shots.findLastIndex(([start]) => start <= frame);
    if (shot >= 0) store.look(shot);
  });
}

function draw() {
  const { film, state } = store;
  const words = `Where in the film the ${state.positions.length} clips come from. The clips above say the same.`;
  const drawing = shape("svg", { viewBox: "0 0 1000 54", preserveAspectRatio: "none", role: "img", "aria-label": words });
  const across = (/** @type {number} */ frame) => ((1000 * frame) / film.frames).toFixed(2);
  const wide = (/** @type {number} */ start, /** @type {number} */ end) => Math.max((1000 * (end - start)) / film.frames, 1).toFixed(2);
  drawing.append(shape("rect", { class: "film", y: 30, width: 1000, height: 22 }));
  for (const [number, flags] of Object.entries(state.flags)) {
    const [start, end] = film.shots[Number(number)];
    drawing.append(shape("rect", { class: "flagged", x: across(start), y: 30, width: wide(start, end), height: 22 }, `shot ${number}: ${flags.join(", ")}`));
  }
  for (const ban of state.bans) drawing.append(shape("rect", { class: "banned", x: across(ban.in), y: 30, width: wide(ban.in, ban.out), height: 22 }, ban.why));
  for (const [number, { source, record, shot }] of state.positions.entries()) {
    const from = (1000 * (record[0] + record[1])) / 2 / state.frames;
    drawing.append(shape("line", { class: "thread", "data-n": number, x1: from, y1: 0, x2: across((source[0] + source[1]) / 2), y2: 30 }));
    drawing.append(shape("rect", { class: "source", "data-n": number, x: across(source[0]), y: 30, width: wide(...source), height: 22 }, `${number}: shot ${shot}`));
  }
  at("map").replaceChildren(drawing);
  mark();
}

function mark() {
  for (const part of at("map").querySelectorAll("[data-n]")) {
    part.classList.toggle("active", store.shot === null && part.getAttribute("data-n") === String(store.selected));
  }
}
