// @ts-check
import { button, choice, clock, field, h } from "./dom.js";
import { JOINS } from "./inspector.js";
import { store } from "./store.js";

/** Cards, lines, the mix, the length and the music, the picture, and what is never shown. @param {HTMLElement} panel */
export function makeSheet(panel) {
  store.on("state", () => panel.replaceChildren(cards(), lines(), sound(), music(), look(), bans()));
}

/** @param {string} title @param {...(Node | false | null)} children */
const group = (title, ...children) => h("section", { class: "group" }, h("h3", {}, title), children);

/** @param {string} label @param {string} value @param {(text: string) => void} act @param {Record<string, any>} [facts] */
function text(label, value, act, facts = {}) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "text", value, ...facts }));
  const form = h("form", { class: "row", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); act(input.value); } },
    field(label, input), h("button", { type: "submit" }, "Set"));
  return form;
}

function cards() {
  const { cards: known } = store.state;
  const of = (/** @type {string} */ kind) => known.find((card) => card.kind === kind)?.text ?? "";
  const others = known.filter((card) => card.kind === "card");
  const place = (/** @type {number} */ frame) => String(store.state.positions.findIndex((position) => position.record[1] > frame));
  return group("Cards",
    text("Title", of("title"), (title) => store.change({ title })),
    text("End card", of("end"), (end_card) => store.change({ end_card })),
    text(`Card at position ${store.selected}`, "", (words) => store.change({ card: [[words, String(store.selected)]] }), { id: "card-text" }),
    h("ul", { class: "list" }, others.map((card) => h("li", {}, `${card.text}, at ${clock(card.in / store.rate)} `, button("Take away", () => store.change({ card: [["", place(card.in)]] }), { aria: { label: `Take away the card ${card.text}` } })))),
    logo(),
    ...cardLook(),
    known.length > 0 && button("No cards", () => store.change({ no_cards: true })),
  );
}

/** The logo of the end card, which may be a logo alone. */
function logo() {
  const own = store.state.look?.logo;
  const known = Object.entries(store.film.logos);
  if (own && !(own[0] in store.film.logos)) known.push(own);
  return field("Logo on the end card", choice([["", "none"], ...known], own ? own[0] : "", (chosen) => store.change({ logo: chosen }), { id: "logo" }),
    known.length === 0 && "PNG files beside the plan can be chosen.");
}

/** How all cards look. */
function cardLook() {
  const { look } = store.state;
  if (!look) return [];
  const size = /** @type {HTMLInputElement} */ (h("input", { type: "number", min: 0.25, max: 2, step: "any", value: look.size, id: "card-size" }));
  const colour = (/** @type {string} */ value, /** @type {string} */ id, /** @type {(value: string) => void} */ act) => {
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "color", value, id }));
    input.addEventListener("change", () => act(input.value));
    return input;
  };
  return [
    look.over !== null && field("Title and cards lie", choice([["black", "on their colour"], ["picture", "over the picture"]], look.over ? "picture" : "black", (title_over) => store.change({ title_over }), { id: "title-over" })),
    h("div", { class: "row" }, field("Size of letters, by the usual one", size), button("Set", () => store.change({ card_size: Number(size.value) }), { aria: { label: "Set the size of letters" } })),
    h("div", { class: "row" },
      field("Colour of letters", colour(look.color, "card-color", (card_color) => store.change({ card_color }))),
      field("Colour behind them", colour(look.background, "card-background", (card_background) => store.change({ card_background })))),
  ];
}

function lines() {
  const { lines: known } = store.state;
  const count = /** @type {HTMLInputElement} */ (h("input", { type: "number", min: 0, max: 99, value: known.length, "aria-label": "Number of lines" }));
  return group("Lines",
    h("ol", { class: "list", start: 0 }, known.map((line, number) => h("li", {}, h("q", {}, line.text), h("span", { class: "soft" }, ` at ${clock(line.at)} `), button("Take away", () => store.change({ drop_line: [number] }), { aria: { label: `Take away line ${number}` } })))),
    known.length ? null : h("p", { class: "soft" }, "None are heard."),
    h("div", { class: "row" }, field("Lines of the film", count), button("Choose", () => store.change({ narration: Number(count.value) })), button("All off", () => store.change({ narration: "off" }))),
  );
}

function sound() {
  const { sound: known } = store.state;
  const number = (/** @type {number} */ value) => /** @type {HTMLInputElement} */ (h("input", { type: "number", value, step: 0.5 }));
  const loudness = number(known.loudness ?? -14);
  const duck = number(known.duck);
  return group("Sound",
    field("Of the film is heard", choice([["none", "nothing"], ["lines", "its lines"], ["low", "its lines and the clips, softly"], ["full", "its lines and the clips"]], known.film, (film_audio) => store.change({ film_audio }), { id: "film-audio" })),
    h("div", { class: "row" }, field("Loudness, LUFS", loudness), button("Set", () => store.change({ loudness: Number(loudness.value) })), button("As the music is", () => store.change({ loudness: "off" }))),
    h("div", { class: "row" }, field("Music falls under lines by, dB", duck), button("Set", () => store.change({ duck: Number(duck.value) }))),
  );
}

function music() {
  const { state, film } = store;
  const seconds = /** @type {HTMLInputElement} */ (h("input", { type: "number", min: 2, step: 0.5, value: (state.frames / store.rate).toFixed(1), id: "length" }));
  /** @type {[string, string][]} */
  const tracks = [["", state.music.name], ...Object.entries(film.tracks).filter(([, name]) => name !== state.music.name)];
  let track = "";
  return group("Length and music",
    h("div", { class: "row" }, field("Length, seconds", seconds), button("Set", () => store.change({ length: Number(seconds.value) }))),
    h("div", { class: "row" }, field("Music", choice(tracks, "", (chosen) => { track = chosen; }, { id: "track" })), button("Cut to this", () => { if (track) store.change({ track, length: Number(seconds.value) }); })),
    h("p", { class: "soft" }, "Tracks are those beside the plan's music, and beside the plan."),
  );
}

/** The picture's shape, and what lies between clips. */
function look() {
  const { state, film } = store;
  const own = "film";
  const shapes = film.shapes.map((shape) => /** @type {[string, string]} */ ([shape, shape === own ? "the film's" : shape]));
  let kind = "dissolve";
  const frames = /** @type {HTMLInputElement} */ (h("input", { type: "number", min: 2, max: 120, value: 12, "aria-label": "Frames of each" }));
  const joins = state.transitions.map((one) => h("li", {},
    `${one.kind} of ${one.out - one.in} frames into position ${one.at} `,
    button("Cut", () => store.change({ transition: [`cut@${one.at}`] }), { aria: { label: `Cut, no ${one.kind}, into position ${one.at}` } })));
  return group("Picture",
    field("Shape", choice(shapes, state.shape ?? own, (shape) => store.change({ shape }), { id: "shape" }), `${state.width} × ${state.height}`),
    h("div", { class: "row" }, field("Where the film's acts turn", choice(JOINS.filter(([name]) => name !== "cut"), kind, (value) => { kind = value; })), frames,
      button("Set", () => store.change({ transition: [`${kind}:${frames.value}@act`] }), { aria: { label: "Set transitions where acts turn" } })),
    joins.length ? h("ul", { class: "list" }, joins) : h("p", { class: "soft" }, "All cuts are hard. A clip's own transition is chosen where the clip is."),
    joins.length > 0 && button("No transitions", () => store.change({ no_transitions: true })),
  );
}

/** What is never shown, and may be again. */
function bans() {
  const { state } = store;
  return group("Never shown",
    state.bans.length ? h("ul", { class: "list" }, state.bans.map((ban) => h("li", {},
      h("span", { class: "code" }, ban.from), h("span", { class: "soft" }, ` ${((ban.out - ban.in) / store.rate).toFixed(1)} s, ${ban.why} `),
      button("Lift", () => store.change({ unban: [ban.lift] }), { aria: { label: `Lift the ban of ${ban.lift}` } }))))
      : h("p", { class: "soft" }, "Nothing is banned beside what is flagged."),
  );
}
