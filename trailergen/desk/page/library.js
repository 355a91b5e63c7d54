// @ts-check
import { at, choice, field, h, set } from "./dom.js";
import { acts } from "./inspector.js";
import { middle, picture } from "./reels.js";
import { store } from "./store.js";
/** @import { Player } from "./player.js" */

/**
 * All shots as pictures, in a list of which only what is seen is there: two thousand cost no more than twenty. One is
 * dragged onto a clip, or put there from the inspector.
 */

/** Cells are as large as panels.css has them: on a wide screen nobody sits nearer. */
const wide = matchMedia("(min-width: 2200px)");
const cellWide = () => (wide.matches ? 232 : 132);
const cellTall = () => (wide.matches ? 180 : 112);
const MORE = 2;

const wanted = { text: "", flag: "", scene: "", reading: "", most: true, sort: "film" };
/** @type {number[]} */ let found = [];
let active = 0;
/** @type {HTMLElement} */ let list;
/** @type {HTMLElement} */ let inner;
/** @type {Map<number, HTMLElement>} */ const cells = new Map();

/** @param {HTMLElement} panel @param {Player} player */
export function makeLibrary(panel, player) {
  list = h("div", { class: "library", id: "library", role: "listbox", tabindex: 0, aria: { label: "Shots of the film" } });
  inner = h("div", { class: "library-inner", role: "presentation" });
  list.append(inner);
  const count = h("p", { class: "soft", id: "library-count", role: "status" });
  panel.append(filters(), count, list);
  list.addEventListener("scroll", () => draw(), { passive: true });
  list.addEventListener("keydown", keys);
  list.addEventListener("click", (event) => {
    const cell = /** @type {Element} */ (event.target).closest("[data-shot]");
    if (cell) choose(found.indexOf(Number(cell.getAttribute("data-shot"))));
  });
  new ResizeObserver(() => draw()).observe(list);
  panel.addEventListener("shown", () => draw());
  wide.addEventListener("change", search);
  store.on("state", search);
  dropping(player);
}

function filters() {
  const input = h("input", { type: "search", id: "search", placeholder: "words of the film, or a shot", "aria-label": "Search the subtitles, or a shot's number" });
  input.addEventListener("input", () => { wanted.text = /** @type {HTMLInputElement} */ (input).value.trim().toLowerCase(); list.scrollTop = 0; search(); });
  const again = (/** @type {string} */ name) => (/** @type {string} */ value) => { /** @type {any} */ (wanted)[name] = value; list.scrollTop = 0; search(); };
  const flags = [...new Set(Object.values(store.film.found).flat())].sort();
  const scenes = [...new Set(store.film.scenes)];
  /** @type {[string, string][]} */
  const readings = Object.keys(store.film.readings).map((name) => [name, name]);
  return h("div", { class: "filters" },
    field("Search", input),
    field("Show", choice([["", "all shots"], ["free", "without a flag"], ["used", "in the trailer"], ["unused", "not in the trailer"], ["banned", "banned"], ["flagged", "with a flag"], ...flags.map((flag) => /** @type {[string, string]} */ ([`flag:${flag}`, `flag: ${flag}`]))], "", again("flag"))),
    field("Scene", choice([["", "all"], ["same", "of the selected clip"], ...scenes.map((scene) => /** @type {[string, string]} */ ([String(scene), String(scene)]))], "", again("scene"))),
    field("Reading", choice([["", "any"], ...readings], "", again("reading"))),
    field("Order", choice([["film", "of the film"], ["most", "most of the reading first"], ["least", "least of it first"]], "film", again("sort"))),
  );
}

/** The shots that are asked for, in their order. */
function search() {
  if (!store.state) return;
  const { film, state } = store;
  const used = new Set(state.positions.flatMap((position) => position.shots));
  const spoken = wanted.text && !/^\d+$/.test(wanted.text) ? film.cues.filter((cue) => cue[2].toLowerCase().includes(wanted.text)) : null;
  const scene = wanted.scene === "same" ? film.scenes[store.position.shot] : wanted.scene === "" ? null : Number(wanted.scene);
  const values = film.readings[wanted.reading];
  const keep = (/** @type {number} */ number) => {
    const [start, end] = film.shots[number];
    const flags = state.flags[number] ?? [];
    if (spoken && !spoken.some(([from, to]) => from * store.rate < end && to * store.rate > start)) return false;
    if (wanted.text && !spoken && String(number) !== wanted.text) return false;
    if (scene !== null && film.scenes[number] !== scene) return false;
    if (values && (values[number] === null || values[number] === undefined)) return false;
    switch (wanted.flag) {
      case "": return true;
      case "free": return !flags.length;
      case "flagged": return flags.length > 0;
      case "used": return used.has(number);
      case "unused": return !used.has(number);
      case "banned": return state.bans.some((ban) => ban.in < end && start < ban.out);
      default: return flags.includes(wanted.flag.slice(5));
    }
  };
  found = film.shots.map((_, number) => number).filter(keep);
  if (values && wanted.sort !== "film") {
    const sign = wanted.sort === "most" ? -1 : 1;
    found.sort((one, other) => sign * (Number(values[one]) - Number(values[other])));
  }
  active = Math.min(active, Math.max(found.length - 1, 0));
  at("library-count").textContent = `${found.length} of ${film.shots.length} shots`;
  for (const cell of cells.values()) cell.remove();
  cells.clear();
  draw();
}

const columns = () => Math.max(Math.floor(list.clientWidth / cellWide()), 1);

function draw() {
  if (!store.state || !list.clientWidth) return;
  const across = columns();
  const rows = Math.ceil(found.length / across);
  inner.style.setProperty("--tall", `${rows * cellTall()}px`);
  const first = Math.max(Math.floor(list.scrollTop / cellTall()) - MORE, 0) * across;
  const last = Math.min((Math.ceil((list.scrollTop + list.clientHeight) / cellTall()) + MORE) * across, found.length);
  for (const [index, cell] of cells) {
    if (index < first || index >= last) { cell.remove(); cells.delete(index); }
  }
  for (let index = first; index < last; index += 1) {
    let cell = cells.get(index);
    if (!cell) {
      cell = make(index);
      cells.set(index, cell);
      inner.append(cell);
    }
    cell.style.setProperty("--x", `${(index % across) * cellWide()}px`);
    cell.style.setProperty("--y", `${Math.floor(index / across) * cellTall()}px`);
    set(cell, "aria-selected", String(index === active));
  }
  set(list, "aria-activedescendant", cells.has(active) ? `shot-${found[active]}` : null);
}

/** @param {number} index */
function make(index) {
  const { film, state } = store;
  const number = found[index];
  const flags = state.flags[number] ?? [];
  const places = state.positions.flatMap((position, place) => (position.shots.includes(number) ? [place] : []));
  const seconds = (film.shots[number][1] - film.shots[number][0]) / store.rate;
  const value = film.readings[wanted.reading]?.[number];
  return h("div", {
    class: "cell", role: "option", id: `shot-${number}`, draggable: "true", data: { shot: number, used: places.length > 0, flagged: flags.length > 0 },
    aria: { setsize: found.length, posinset: index + 1 },
    ondragstart: (/** @type {DragEvent} */ event) => event.dataTransfer?.setData("text/x-shot", String(number)),
  },
    h("img", { src: picture(middle(film.shots[number]), wide.matches ? 320 : 160), alt: "", width: 120, height: 68, loading: "lazy", draggable: "false" }),
    h("span", { class: "cell-line" }, h("span", { class: "unseen" }, "Shot "), h("b", {}, number), ` ${seconds.toFixed(1)} s`, places.length > 0 && h("span", { class: "place" }, h("span", { class: "unseen" }, " stands at"), ` → ${places.join(", ")}`)),
    h("span", { class: "cell-line soft" }, flags.join(", ") || (value === null || value === undefined ? film.timecodes[number] : `${wanted.reading} ${Number(value.toPrecision(3))}`)),
  );
}

/** @param {number} index */
function choose(index) {
  if (index < 0 || index >= found.length) return;
  active = index;
  const top = Math.floor(index / columns()) * cellTall();
  if (top < list.scrollTop) list.scrollTop = top;
  if (top + cellTall() > list.scrollTop + list.clientHeight) list.scrollTop = top + cellTall() - list.clientHeight;
  draw();
  store.look(found[index]);
}

/** @param {KeyboardEvent} event */
function keys(event) {
  const across = columns();
  const steps = { ArrowRight: active + 1, ArrowLeft: active - 1, ArrowDown: active + across, ArrowUp: active - across, Home: 0, End: found.length - 1, PageDown: active + across * 4, PageUp: active - across * 4 };
  if (event.key === "Enter" && found.length) {
    event.preventDefault();
    acts.place(found[active]);
    return;
  }
  const to = /** @type {Record<string, number>} */ (steps)[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  choose(Math.min(Math.max(to, 0), found.length - 1));
}

/** Let shots be dropped onto clips. @param {Player} player */
function dropping(player) {
  const strip = at("strip");
  const over = (/** @type {DragEvent} */ event) => {
    const box = strip.getBoundingClientRect();
    return player.positionAt(((event.clientX - box.left) / box.width) * store.state.frames);
  };
  const clear = () => { for (const clip of strip.children) clip.classList.remove("over"); };
  strip.addEventListener("dragover", (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    clear();
    strip.children[over(event)]?.classList.add("over");
  });
  strip.addEventListener("dragleave", clear);
  strip.addEventListener("drop", (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    clear();
    const shot = event.dataTransfer?.getData("text/x-shot");
    if (shot) acts.place(Number(shot), over(event));
  });
}
