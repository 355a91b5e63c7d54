// @ts-check
import { at } from "./dom.js";
import { store } from "./store.js";
/** @import { Player } from "./player.js" */

/** Clips and cuts under the pointer: a clip is moved, with Shift slipped, with Alt exchanged; a cut is rolled. */

const FAR = 5;

/**
 * Follow a pointer until it is let go. `moved` gets the distance in pixels; `done` too, unless it was given up.
 * @param {PointerEvent} event @param {(x: number, event: PointerEvent) => void} moved @param {(x: number, event: PointerEvent) => void} done
 */
function follow(event, moved, done) {
  if (event.button !== 0) return;
  const target = /** @type {HTMLElement} */ (event.currentTarget);
  const from = event.clientX;
  target.setPointerCapture(event.pointerId);
  const end = () => {
    target.removeEventListener("pointermove", move);
    target.removeEventListener("pointerup", up);
    target.removeEventListener("pointercancel", end);
    removeEventListener("keydown", escape, true);
  };
  const move = (/** @type {PointerEvent} */ now) => moved(now.clientX - from, now);
  const up = (/** @type {PointerEvent} */ now) => { end(); done(now.clientX - from, now); };
  const escape = (/** @type {KeyboardEvent} */ key) => {
    if (key.key !== "Escape") return;
    key.stopPropagation();
    end();
    moved(0, event);
    done(0, event);
  };
  target.addEventListener("pointermove", move);
  target.addEventListener("pointerup", up);
  target.addEventListener("pointercancel", end);
  addEventListener("keydown", escape, true);
}

/** Frames of the trailer in so many pixels of the strip. @param {number} pixels */
const frames = (pixels) => Math.round((pixels / at("strip").getBoundingClientRect().width) * store.state.frames);

/** The furthest that a clip can be slipped. @param {number} number @returns {[number, number]} */
export function slipLimits(number) {
  const { source, room } = store.state.positions[number];
  return [room[0] - source[0], room[1] - source[1]];
}

/** The furthest that the cut after a position can be rolled. @param {number} number @returns {[number, number]} */
export function rollLimits(number) {
  const before = store.state.positions[number];
  const after = store.state.positions[number + 1];
  const earliest = Math.max(1 - (before.record[1] - before.record[0]), after.room[0] - after.source[0]);
  const latest = Math.min(after.record[1] - after.record[0] - 1, before.room[1] - before.source[1]);
  return [earliest, latest];
}

/** @param {number} value @param {[number, number]} limits */
const within = (value, [least, most]) => Math.min(Math.max(value, least), most);

/** @param {PointerEvent} event @param {number} number @param {Player} player */
export function dragClip(event, number, player) {
  const position = store.state.positions[number];
  const clip = /** @type {HTMLElement} */ (event.currentTarget);
  const { shiftKey: slipping, altKey: exchanging } = event;
  const slipped = (/** @type {number} */ x) => within(-frames(x), slipLimits(number));
  const under = (/** @type {PointerEvent} */ now) => {
    const box = at("strip").getBoundingClientRect();
    return player.positionAt(((now.clientX - box.left) / box.width) * store.state.frames);
  };
  follow(event, (x, now) => {
    clip.classList.toggle("dragged", Math.abs(x) > FAR);
    if (slipping) {
      player.peek(position.source[0] + slipped(x));
      at("said").textContent = `slip ${signed(slipped(x))} frames`;
      return;
    }
    clip.style.setProperty("--drag", `${x}px`);
    for (const [other, one] of [...at("strip").children].entries()) {
      one.classList.toggle("over", Math.abs(x) > FAR && other === under(now) && other !== number);
    }
  }, (x, now) => {
    clip.classList.remove("dragged");
    clip.style.removeProperty("--drag");
    for (const one of at("strip").children) one.classList.remove("over");
    player.peek(position.source[0]);
    player.shownSource = null;
    if (Math.abs(x) <= FAR) {
      store.select(number);
      player.seek(position.record[0]);
      return;
    }
    const to = under(now);
    store.select(number);
    // What is changed is looked at.
    if (!player.playing) player.seek(position.record[0]);
    if (slipping && slipped(x)) store.change({ slip: { [number]: slipped(x) } });
    else if (!slipping && to !== number) store.change(exchanging ? { exchange: [[number, to]] } : { move: [[number, to]] });
  });
}

/** @param {PointerEvent} event @param {number} number @param {Player} player */
export function dragCut(event, number, player) {
  const cut = /** @type {HTMLElement} */ (event.currentTarget);
  const before = store.state.positions[number];
  const rolled = (/** @type {number} */ x) => within(frames(x), rollLimits(number));
  event.preventDefault();
  player.pause();
  follow(event, (x) => {
    cut.style.setProperty("--drag", `${(rolled(x) / store.state.frames) * at("strip").getBoundingClientRect().width}px`);
    player.peek(before.source[1] - 1 + rolled(x));
    at("said").textContent = `cut ${signed(rolled(x))} frames`;
  }, (x) => {
    cut.style.removeProperty("--drag");
    player.shownSource = null;
    if (rolled(x)) {
      player.seek(before.record[1] - 1 + rolled(x));
      store.change({ roll: { [number]: rolled(x) } });
    } else player.refresh();
  });
}

/** @param {number} value */
export const signed = (value) => (value > 0 ? `+${value}` : String(value).replace("-", "−"));
