// @ts-check
import { at, h, set } from "./dom.js";
import { makeFinish } from "./finish.js";
import { makeHistory } from "./history.js";
import { makeLibrary } from "./library.js";
import { makeSheet } from "./sheet.js";
import { makeStyle } from "./style.js";
/** @import { Player } from "./player.js" */

/** The tabs below the clips. @param {Player} player */
export function makePanels(player) {
  /** @type {[string, string, (panel: HTMLElement, player: Player) => void][]} */
  const known = [
    ["shots", "Shots", makeLibrary],
    ["style", "Film sense", makeStyle],
    ["sheet", "Cards, lines, sound, picture", makeSheet],
    ["history", "Revisions", makeHistory],
    ["finish", "Finish", makeFinish],
  ];
  const panels = new Map(known.map(([name, , make]) => {
    const box = h("div", { class: `pane ${name}`, hidden: true });
    make(box, player);
    return [name, box];
  }));
  const tabs = known.map(([name, text]) => h("button", { type: "button", role: "tab", id: `tab-${name}`, aria: { controls: "panel" }, onclick: () => show(name) }, text));
  /** @param {string} name */
  function show(name) {
    for (const [index, [other]] of known.entries()) {
      set(tabs[index], "aria-selected", String(other === name));
      set(tabs[index], "tabindex", other === name ? 0 : -1);
      const box = /** @type {HTMLElement} */ (panels.get(other));
      box.hidden = other !== name;
      if (other === name) box.dispatchEvent(new Event("shown"));
    }
    set(at("panel"), "aria-labelledby", `tab-${name}`);
  }
  at("tabs").append(...tabs);
  at("tabs").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const now = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || now < 0) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    next.click();
    next.focus();
  });
  at("panel").append(...panels.values());
  show("shots");
}
