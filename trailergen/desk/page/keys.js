// @ts-check
import { at, button, h, set } from "./dom.js";
import { acts } from "./inspector.js";
import { reveal } from "./strip.js";
import { store } from "./store.js";
/** @import { Player } from "./player.js" */

/** Keys for everything that is done often. Single letters can be switched off, as WCAG 2.1.4 asks. */

const STORED = "trailergen-desk-letters";

/** @typedef {{keys: string, does: string, act: (event: KeyboardEvent) => void, letter: boolean, match: (event: KeyboardEvent) => boolean}} Key */

/** @param {string} keys @param {string} does @param {(event: KeyboardEvent) => void} act @param {(event: KeyboardEvent) => boolean} match @param {boolean} [letter] */
const key = (keys, does, act, match, letter = true) => ({ keys, does, act, letter, match });

/** @param {string} wanted */
const letter = (wanted) => (/** @type {KeyboardEvent} */ event) => !event.ctrlKey && !event.metaKey && !event.altKey && event.key.toLowerCase() === wanted;

/** @param {Player} player @param {{play: () => void, loop: () => void, mute: () => void}} toggles */
export function makeKeys(player, toggles) {
  const go = (/** @type {number} */ by) => {
    store.select(store.selected + by);
    player.seek(store.position.record[0]);
    reveal();
  };
  const plain = (/** @type {KeyboardEvent} */ event) => !event.ctrlKey && !event.metaKey && !event.altKey;
  /** @type {Key[]} */
  const known = [
    key("Space", "play, pause", toggles.play, (event) => event.key === " " && plain(event)),
    key("← →", "a frame back, on; with Shift a second", (event) => player.step((event.key === "ArrowLeft" ? -1 : 1) * (event.shiftKey ? Math.round(store.rate) : 1)),
      (event) => plain(event) && ["ArrowLeft", "ArrowRight"].includes(event.key)),
    key("J K", "the clip before, after", (event) => go(event.key.toLowerCase() === "j" ? -1 : 1), (event) => letter("j")(event) || letter("k")(event)),
    key("L", "loop around the clip's cuts", toggles.loop, letter("l")),
    key("M", "mute", toggles.mute, letter("m")),
    key("R", "re-roll the clip", () => acts.reroll(), letter("r")),
    key("P", "pin it, or let it go", () => acts.pin(), letter("p")),
    key("B", "ban its shot", () => acts.ban(), letter("b")),
    key("1 to 6", "swap for that alternative", (event) => acts.swap(Number(event.key)), (event) => plain(event) && /^[1-6]$/.test(event.key)),
    key("[ ]", "slip the clip a frame earlier, later; with Shift ten", (event) => acts.slip({ "[": -1, "]": 1, "{": -10, "}": 10 }[event.key] ?? 0),
      (event) => plain(event) && "[]{}".includes(event.key)),
    key(", .", "roll the cut after it a frame earlier, later; with Shift ten", (event) => acts.roll({ ",": -1, ".": 1, "<": -10, ">": 10 }[event.key] ?? 0),
      (event) => plain(event) && ",.<>".includes(event.key)),
    key("Alt ← →", "move the clip (when the clips have the focus)", () => {}, () => false, false),
    key("Ctrl Z", "undo; with Shift redo", (event) => store.step(event.shiftKey ? "redo" : "undo"),
      (event) => (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z", false),
    key("Ctrl Y", "redo", () => store.step("redo"), (event) => event.ctrlKey && event.key.toLowerCase() === "y", false),
    key("/", "search the shots", () => { at("tab-shots").click(); at("search")?.focus(); }, letter("/")),
    key("?", "these keys", () => at("keys").showModal(), letter("?")),
  ];
  let letters = recall();
  addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (document.querySelector("dialog[open]") || event.defaultPrevented) return;
    const found = known.find((one) => one.match(event));
    if (!found || (found.letter && (!letters || takesKeys(target, event)))) return;
    if (!found.letter && target.matches("input:not([type=range]), textarea")) return;
    event.preventDefault();
    found.act(event);
  });
  const dialog = at("keys");
  const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", checked: letters }));
  box.addEventListener("change", () => { letters = box.checked; try { localStorage.setItem(STORED, String(letters)); } catch { /* Not kept. */ } });
  dialog.append(
    h("h2", { id: "keys-title" }, "Keys"),
    h("label", { class: "check" }, box, " keys without Ctrl or Alt do something"),
    h("dl", { class: "keys" }, known.map((one) => h("div", {}, h("dt", {}, one.keys), h("dd", {}, one.does)))),
    h("p", { class: "soft" }, "By pointer: drag a clip to move it, with Shift to slip it, with Alt to exchange it; drag a cut to roll it; drag a shot onto a clip."),
    button("Close", () => dialog.close(), { class: "main" }),
  );
  at("help").addEventListener("click", () => dialog.showModal());
  set(at("help"), "aria-keyshortcuts", "?");
}

/** True where the focused control means something by the key itself. @param {HTMLElement} target @param {KeyboardEvent} event */
function takesKeys(target, event) {
  if (target.matches("textarea, select, input:not([type=range]):not([type=checkbox])")) return true;
  if (target.matches("input[type=range]")) return event.key.startsWith("Arrow");
  if (target.matches("button, [role=tab], summary, a[href], input")) return event.key === " " || (target.matches("[role=tab]") && event.key.startsWith("Arrow"));
  return target.matches("[role=listbox]") && target.id !== "strip" && (event.key.startsWith("Arrow") || event.key === " ");
}

function recall() {
  try {
    return localStorage.getItem(STORED) !== "false";
  } catch {
    return true;
  }
}
