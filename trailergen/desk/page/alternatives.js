// @ts-check
import { h, still } from "./dom.js";
import { Reel, decodes, picture } from "./reels.js";
import { store } from "./store.js";
/** @import { Position } from "./types.js" */

/** Alternatives as moving pictures: each plays round and round, as long as the position is, until another is looked at. */

const MOST = 6;

/** @type {Tile[]} */ let tiles = [];
let asked = 0;

class Tile {
  /** @param {number} shot @param {number} frames */
  constructor(shot, frames) {
    const [start, end] = store.film.shots[shot];
    const length = Math.min(frames, end - start);
    this.start = start + Math.floor((end - start - length) / 2);
    this.length = Math.max(length, 1);
    const [width, height] = store.film.proxy;
    this.canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { width: width / 2, height: height / 2, "aria-hidden": "true" }));
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { alpha: false }));
    this.reel = new Reel(() => still() && this.draw(0));
    this.shown = -1;
    const image = new Image();
    image.src = picture(this.start + (this.length >> 1), 320);
    image.addEventListener("load", () => { if (this.shown < 0) this.context.drawImage(image, 0, 0, this.canvas.width, this.canvas.height); });
  }

  /** @param {number} seconds */
  draw(seconds) {
    const frame = this.start + (Math.floor(seconds * store.rate) % this.length);
    if (frame === this.shown) return;
    const found = this.reel.want(frame, 4, this.start + this.length);
    if (!found) return;
    this.context.drawImage(found, 0, 0, this.canvas.width, this.canvas.height);
    this.shown = frame;
    this.canvas.dataset.source = String(frame);
  }
}

/**
 * The tiles of a position's alternatives, each a button that swaps.
 * @param {Position} position @param {number} number @param {(rank: number) => void} swap
 */
export function makeTiles(position, number, swap) {
  for (const tile of tiles) tile.reel.close();
  const frames = position.record[1] - position.record[0];
  const shown = position.alternatives.slice(0, MOST);
  tiles = shown.map((other) => new Tile(other.shot, frames));
  const list = h("ol", { class: "tiles", aria: { label: `Alternatives for position ${number}` } }, shown.map((other, index) =>
    h("li", {}, h("button", {
      type: "button", data: { key: `swap-${index}` }, onclick: () => swap(index + 1), "aria-keyshortcuts": String(index + 1),
      aria: { label: `${index + 1} shot ${other.shot} p ${other.p.toFixed(3)}: swap for this alternative, film ${store.film.timecodes[other.shot]}` },
    }, tiles[index].canvas, h("span", { class: "tile-line" }, h("b", {}, index + 1), ` shot ${other.shot}`, h("span", { class: "soft" }, ` p ${other.p.toFixed(3)}`))))));
  cancelAnimationFrame(asked);
  if (decodes && !still()) move();
  return shown.length ? list : h("p", { class: "soft" }, "There are none.");
}

function move() {
  asked = requestAnimationFrame((now) => {
    for (const tile of tiles) tile.draw(now / 1000);
    move();
  });
}
