// @ts-check
import { at, h, set } from "./dom.js";
import { picture, middle } from "./reels.js";
import { store } from "./store.js";
import { dragClip, dragCut } from "./drag.js";
/** @import { Player } from "./player.js" */
/** @import { Position } from "./types.js" */

/** The clips in a row under the music, each as long as it is: selected, moved, trimmed and dropped upon. */

const CHANGES = { shot: "another shot", place: "moved", part: "another part", length: "another length" };

/** @type {Player} */ let player;
let peaks = /** @type {[number, number][]} */ ([]);
let shownPeaks = "";

/** @param {Player} given */
export function makeStrip(given) {
  player = given;
  const strip = at("strip");
  strip.addEventListener("keydown", keys);
  strip.addEventListener("focus", () => mark());
  at("zoom").addEventListener("input", () => {
    at("strip-box").style.setProperty("--zoom", at("zoom").value);
    drawWave();
    reveal();
  });
  new ResizeObserver(drawWave).observe(at("strip-box"));
  at("wave").addEventListener("pointerdown", scrub);
  player.addEventListener("frame", follow);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawWave);
  store.on("state", draw);
  store.on("select", mark);
  store.on("said", mark);
}

/** @param {Position} position @param {number} number */
function label(position, number) {
  const seconds = ((position.record[1] - position.record[0]) / store.rate).toFixed(2);
  const parts = [`Position ${number}, shot ${position.shot}, film ${position.timecode}, ${seconds} seconds`];
  parts.push(`confidence ${position.confidence.toFixed(2)}`);
  if (position.pinned) parts.push("pinned");
  const join = store.state.transitions.find((one) => one.at === number);
  if (join) parts.push(`after a ${join.kind} of ${join.out - join.in} frames`);
  if (position.changed) parts.push(`changed: ${CHANGES[position.changed]}`);
  if (position.notes.length) parts.push("has notes");
  return parts.join(", ");
}

function draw() {
  const { positions, frames, cards, lines } = store.state;
  // Asked for before the pictures, which are many.
  outline();
  const percent = (/** @type {number} */ value) => `${(100 * value) / frames}%`;
  const made = positions.map((position, number) => {
    const [start, end] = position.record;
    const clip = h("div", {
      class: "clip", role: "option", id: `clip-${number}`, data: { n: number, changed: position.changed, pinned: position.pinned },
      aria: { selected: number === store.selected, label: label(position, number) },
      vars: { "--left": percent(start), "--width": percent(end - start) },
    },
      h("img", { src: picture(middle(position.source)), alt: "", loading: "lazy", draggable: "false" }),
      // Seen only: the clip's name says the same.
      h("span", { class: "number", data: { text: number } }),
      position.pinned && h("span", { class: "pin", data: { text: "pin" } }),
      h("span", { class: "sure", vars: { "--sure": `${100 * Math.min(position.confidence, 1)}%` } }),
    );
    clip.addEventListener("pointerdown", (event) => {
      at("strip").focus({ preventScroll: true });
      dragClip(event, number, player);
    });
    return clip;
  });
  at("strip").replaceChildren(...made);
  at("strip-box").style.setProperty("--count", String(positions.length));
  const cuts = positions.slice(0, -1).map((position, number) => {
    const cut = h("div", { class: "cut", title: "Drag to move this cut", vars: { "--left": percent(position.record[1]) } });
    cut.addEventListener("pointerdown", (event) => dragCut(event, number, player));
    return cut;
  });
  const titles = cards.map((card) => h("div", { class: "card-mark", title: card.text, vars: { "--left": percent(card.in), "--width": percent(card.out - card.in) } }, card.text));
  const said = lines.map((line) => h("div", {
    class: "line-mark", title: line.text, data: { mute: store.state.sound.film === "none" },
    vars: { "--left": percent(line.at * store.rate), "--width": percent(line.length * store.rate) },
  }));
  const joins = store.state.transitions.map((one) => h("div", {
    class: "join-mark", title: `${one.kind} of ${one.out - one.in} frames`, data: { kind: one.kind }, vars: { "--left": percent(one.in), "--width": percent(one.out - one.in) },
  }));
  at("marks").replaceChildren(...cuts, ...joins, ...titles, ...said);
  at("scrub").max = String(frames - 1);
  mark();
  follow();
}

function mark() {
  for (const [number, clip] of [...at("strip").children].entries()) {
    const selected = number === store.selected && store.shot === null;
    set(clip, "aria-selected", String(selected));
  }
  set(at("strip"), "aria-activedescendant", `clip-${store.selected}`);
}

/** Bring the selected clip into view. */
export function reveal() {
  at(`clip-${store.selected}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function follow() {
  const share = store.state ? player.frame / store.state.frames : 0;
  at("strip-box").style.setProperty("--at", `${100 * share}%`);
}

/** @param {KeyboardEvent} event */
function keys(event) {
  const last = store.state.positions.length - 1;
  /** @type {Record<string, number>} */
  const steps = { ArrowRight: store.selected + 1, ArrowLeft: store.selected - 1, Home: 0, End: last };
  if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.key in steps)) return;
  event.preventDefault();
  event.stopPropagation();
  const to = Math.min(Math.max(steps[event.key], 0), last);
  if (event.altKey) {
    if (to !== store.selected) store.change({ move: [[store.selected, to]] });
    return;
  }
  store.select(to);
  player.pause();
  player.seek(store.position.record[0]);
  reveal();
}

/** @param {PointerEvent} event */
function scrub(event) {
  const wave = at("wave");
  const go = (/** @type {PointerEvent} */ moved) => {
    const box = wave.getBoundingClientRect();
    player.seek(((moved.clientX - box.left) / box.width) * store.state.frames);
  };
  wave.setPointerCapture(event.pointerId);
  wave.onpointermove = go;
  wave.onpointerup = () => { wave.onpointermove = null; };
  go(event);
}

async function outline() {
  const { music, revision, frames } = store.state;
  const name = `${music.id} ${frames}`;
  if (name === shownPeaks) return;
  shownPeaks = name;
  const answer = await fetch(`media/${music.id}/peaks/${revision}`);
  if (answer.ok) peaks = await answer.json();
  drawWave();
}

function drawWave() {
  const canvas = /** @type {HTMLCanvasElement} */ (at("wave"));
  const { width, height } = canvas.getBoundingClientRect();
  if (!width || !peaks.length) return;
  const scale = Math.min(devicePixelRatio, 8192 / width);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const style = getComputedStyle(canvas);
  const step = canvas.width / peaks.length;
  for (const [row, name] of [[0, "--wave-peak"], [1, "--wave-power"]]) {
    context.fillStyle = style.getPropertyValue(String(name));
    peaks.forEach((levels, number) => {
      const tall = Math.max(levels[Number(row)] * canvas.height, 1);
      context.fillRect(number * step, (canvas.height - tall) / 2, Math.max(step, 1), tall);
    });
  }
}
