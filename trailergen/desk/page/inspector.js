// @ts-check
import { at, button, choice, h } from "./dom.js";
import { rollLimits, signed, slipLimits } from "./drag.js";
import { makeTiles } from "./alternatives.js";
import { middle, picture } from "./reels.js";
import { api } from "./api.js";
import { store } from "./store.js";
/** @import { Player } from "./player.js" */

/** What is known of the selected clip, or of a shot of the film, and everything that can be done with it. */

/** @type {[string, string][]} */
export const JOINS = [["cut", "a cut"], ["dissolve", "a dissolve"], ["dip", "a dip to black"]];

/** @type {Player} */ let player;

/** @param {Player} given */
export function makeInspector(given) {
  player = given;
  store.on("state", draw);
  store.on("select", draw);
}

/** @param {number} number */
const unpinned = (number) => (store.state.positions[number].pinned ? { unpin: [number] } : {});

export const acts = {
  reroll: () => store.change({ reroll: [store.selected], ...unpinned(store.selected) }),
  pin: () => store.change(store.position.pinned ? { unpin: [store.selected] } : { pin: { [store.selected]: null } }),
  /** A ban lets all clips of the shot go. @param {number} [shot] */
  ban(shot = store.position.shot) {
    const held = store.state.positions.flatMap((one, number) => (one.pinned && one.shots.includes(shot) ? [number] : []));
    return store.change({ ban: [shot], ...(held.length ? { unpin: held } : {}) });
  },
  /** Let a shot be shown again. @param {number} shot */
  unban: (shot) => store.change({ unban: [`shot:${shot}`] }),
  /** A dissolve or a dip into the selected position, or a cut. @param {string} kind @param {number} frames */
  join: (kind, frames) => store.change({ transition: [kind === "cut" ? `cut@${store.selected}` : `${kind}:${frames}@${store.selected}`] }),
  /** @param {number} rank from 1 */
  swap(rank) {
    if (rank <= store.position.alternatives.length) store.change({ swap: { [store.selected]: rank } });
  },
  /** @param {number} frames */
  slip(frames) {
    const [least, most] = slipLimits(store.selected);
    const wanted = Math.min(Math.max(frames, least), most);
    if (wanted) store.change({ slip: { [store.selected]: wanted } });
    else store.say("the shot has no more frames there", true);
  },
  /** @param {number} frames */
  roll(frames) {
    if (store.selected === store.state.positions.length - 1) { store.say("the last clip ends with the music", true); return; }
    const [least, most] = rollLimits(store.selected);
    const wanted = Math.min(Math.max(frames, least), most);
    if (wanted) store.change({ roll: { [store.selected]: wanted } });
    else store.say("the shots have no more frames there", true);
  },
  /** @param {number} to */
  move: (to) => store.change({ move: [[store.selected, to]] }),
  /** @param {number} to */
  exchange: (to) => store.change({ exchange: [[store.selected, to]] }),
  /** Show a shot at the selected position. @param {number} shot @param {number} [number] */
  place: (shot, number = store.selected) => store.change({ pin: { [number]: shot } }),
};

function draw() {
  if (!store.state) return;
  const panel = at("inspector");
  const focused = document.activeElement instanceof HTMLElement && panel.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  panel.setAttribute("aria-label", store.shot === null ? `Position ${store.selected}` : `Shot ${store.shot}`);
  panel.replaceChildren(...(store.shot === null ? ofPosition() : ofShot(store.shot)));
  if (focused) /** @type {HTMLElement | null} */ (panel.querySelector(`[data-key="${focused}"]`))?.focus();
}

/** @param {string} text @param {() => void} act @param {string} key @param {Record<string, any>} [facts] */
const action = (text, act, key, facts = {}) => button(text, act, { data: { key }, ...facts });

/** @param {string} name @param {(string | Node)[]} told */
const fact = (name, told) => told.length > 0 && h("div", {}, h("dt", {}, name), ...told.map((one) => h("dd", {}, one)));

function ofPosition() {
  const { position, selected, state } = store;
  const last = state.positions.length - 1;
  const seconds = (position.record[1] - position.record[0]) / store.rate;
  return [
    h("h2", {}, `Position ${selected}`, h("span", { class: "soft" }, ` shot ${position.shot}, ${position.timecode}`)),
    h("div", { class: "actions" },
      action("Re-roll", acts.reroll, "reroll", { class: "main", "aria-keyshortcuts": "R" }),
      action(position.pinned ? "Unpin" : "Pin", acts.pin, "pin", { aria: { pressed: position.pinned }, "aria-keyshortcuts": "P" }),
      action("Ban shot", () => acts.ban(), "ban", { "aria-keyshortcuts": "B" }),
      action("Loop", () => around(selected), "loop"),
      selected > 0 && action("←", () => acts.move(selected - 1), "left", { aria: { label: "← Move one position earlier" } }),
      selected < last && action("→", () => acts.move(selected + 1), "right", { aria: { label: "→ Move one position later" } }),
    ),
    trims(),
    selected > 0 && joining(),
    h("h3", {}, "Alternatives"),
    makeTiles(position, selected, acts.swap),
    h("dl", { class: "facts" },
      fact("Length", [`${seconds.toFixed(2)} s, ${position.record[1] - position.record[0]} frames`]),
      fact("Confidence", [`${position.confidence.toFixed(2)}, ${position.round ? `round ${position.round}` : "chosen by hand"}`]),
      fact("Why here", position.reasons),
      fact("Notes", position.notes),
      fact("Flags", position.shots.flatMap((shot) => state.flags[shot] ?? [])),
    ),
    said(position.shot),
    placing(selected, last),
  ].filter(Boolean);
}

/** Sliders that trim: what they show is seen while they move, and asked for when they are let go. */
function trims() {
  const { position, selected, state } = store;
  const last = state.positions.length - 1;
  const slider = (/** @type {string} */ name, /** @type {string} */ key, /** @type {[number, number]} */ [least, most], /** @type {(value: number) => number} */ seen, /** @type {(value: number) => void} */ act) => {
    const shown = h("output", { class: "code" }, "0");
    const range = /** @type {HTMLInputElement} */ (h("input", { type: "range", min: least, max: most, value: 0, step: 1, data: { key }, disabled: least === most, aria: { label: `${name}, frames` } }));
    range.addEventListener("input", () => { shown.textContent = signed(Number(range.value)); player.pause(); player.peek(seen(Number(range.value))); });
    range.addEventListener("change", () => { player.shownSource = null; if (Number(range.value)) act(Number(range.value)); else player.refresh(); });
    return h("div", { class: "trim" }, h("span", { class: "label" }, name), range, shown);
  };
  return h("div", { class: "trims" },
    slider("Slip", "slip", slipLimits(selected), (value) => position.source[0] + value, acts.slip),
    selected < last && slider("Cut after", "roll", rollLimits(selected), (value) => position.source[1] - 1 + value, acts.roll),
  );
}

/** The transition into the selected position: chosen, and how long it lasts. */
function joining() {
  const { state, selected } = store;
  const known = state.transitions.find((one) => one.at === selected);
  let kind = known?.kind ?? "cut";
  const frames = /** @type {HTMLInputElement} */ (h("input", { type: "number", min: 2, max: 120, value: known ? known.out - known.in : 12, data: { key: "join-frames" }, aria: { label: "Frames of the transition" } }));
  return h("div", { class: "placing joining" }, h("span", { class: "label" }, "Into it"),
    choice(JOINS, kind, (value) => { kind = /** @type {any} */ (value); }, { "data-key": "join-kind", aria: { label: "Transition into the clip" } }), frames,
    action("Set", () => acts.join(kind, Number(frames.value)), "join", { aria: { label: "Set the transition" } }));
}

/** @param {number} selected @param {number} last */
function placing(selected, last) {
  const where = /** @type {HTMLInputElement} */ (h("input", { type: "number", min: 0, max: last, value: selected, data: { key: "where" }, aria: { label: "Another position" } }));
  return h("div", { class: "placing" }, h("span", { class: "label" }, "Position"), where,
    action("Move there", () => acts.move(Number(where.value)), "move"),
    action("Exchange", () => acts.exchange(Number(where.value)), "exchange"));
}

/** Play round and round over the cut before a position, and the one after it. @param {number} number */
export function around(number) {
  const { positions, frames } = store.state;
  const second = Math.round(store.rate);
  const { record } = positions[number];
  player.repeat([Math.max(record[0] - second, 0), Math.min(record[1] + second, frames)]);
  player.play(Math.max(record[0] - second, 0));
}

/** @param {number} number */
function said(number) {
  const list = h("p", { class: "soft" });
  api.shot(number).then((told) => { list.textContent = told.join(", "); }, () => {});
  return list;
}

/** @param {number} number */
function ofShot(number) {
  const { film, state, selected } = store;
  const flags = state.flags[number] ?? [];
  const [start, end] = film.shots[number];
  const bans = state.bans.filter((ban) => ban.in < end && start < ban.out);
  const whole = bans.some((ban) => ban.in <= start && end <= ban.out);
  const stands = state.positions.flatMap((one, place) => (one.shots.includes(number) ? [place] : []));
  const words = film.cues.filter(([from, to]) => from * store.rate < end && to * store.rate > start).map((cue) => cue[2]);
  return [
    h("h2", {}, `Shot ${number}`, h("span", { class: "soft" }, ` ${film.timecodes[number]}`)),
    h("img", { class: "still", src: picture(middle([start, end]), 320), alt: `Picture of shot ${number}`, width: 320 }),
    h("div", { class: "actions" },
      action(`Put at position ${selected}`, () => acts.place(number), "place", { class: "main" }),
      !whole && action("Ban", () => acts.ban(number), "ban"),
      bans.length > 0 && action("Lift the ban", () => acts.unban(number), "unban"),
      flags.length > 0 && action("Overrule flags", () => store.change({ unflag: [number] }), "unflag"),
      action("Back to the clip", () => store.look(null), "back"),
    ),
    h("dl", { class: "facts" },
      fact("Length", [`${((end - start) / store.rate).toFixed(2)} s`]),
      fact("Flags", flags.length || film.found[number] ? [flags.join(", ") || `none, found: ${film.found[number].join(", ")}`] : []),
      fact("Never shown", bans.map((ban) => ban.why)),
      fact("Stands at", stands.map((place) => `position ${place}`)),
      fact("Said", words),
    ),
    said(number),
  ].filter(Boolean);
}
