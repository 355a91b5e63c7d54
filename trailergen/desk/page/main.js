// @ts-check
import { api } from "./api.js";
import { at, button, clock, h, set } from "./dom.js";
import { makeInspector, around } from "./inspector.js";
import { makeKeys } from "./keys.js";
import { makeMap } from "./map.js";
import { makePanels } from "./panels.js";
import { Player } from "./player.js";
import { decodes } from "./reels.js";
import { Sound } from "./sound.js";
import { store } from "./store.js";
import { makeStrip } from "./strip.js";

const sound = new Sound();
const player = new Player(at("screen"), sound);

const LINES = 2;

/** What has happened, in few lines: a change of all clips would cover what one works on. All of it is in "Revisions". */
function say() {
  const { text, failed } = store.said ?? { text: "", failed: false };
  const lines = text.split("\n");
  const left = failed || lines.length <= LINES + 1 ? [] : lines.splice(LINES);
  at("said").textContent = [...lines, ...(left.length ? [`and ${left.length} more, see Revisions`] : [])].join("\n");
  at("said").classList.toggle("failed", failed);
}

/** @param {{made: number, asked: number}} progress */
function proxies({ made, asked }) {
  at("proxies").textContent = made < asked ? `preparing moving pictures: ${made} of ${asked}` : "";
}

function transport() {
  const { playing, loop } = player;
  at("play").textContent = playing ? "Pause" : "Play";
  set(at("loop"), "aria-pressed", String(loop !== null));
}

function time() {
  const { frame } = player;
  const scrub = at("scrub");
  scrub.value = String(frame);
  const position = player.positionAt(frame);
  const text = `${clock(frame / store.rate)} position ${position}`;
  set(scrub, "aria-valuetext", text);
  at("time").textContent = `${clock(frame / store.rate)} / ${clock(store.state.frames / store.rate)}`;
  for (const [number, clip] of [...at("strip").children].entries()) clip.classList.toggle("now", number === position);
}

export const toggles = {
  play: () => (player.playing ? player.pause() : player.play()),
  loop: () => (player.loop ? player.repeat(null) : around(store.selected)),
  mute() {
    sound.mute(!sound.muted);
    set(at("mute"), "aria-pressed", String(sound.muted));
  },
};

function wire() {
  at("play").addEventListener("click", toggles.play);
  at("back").addEventListener("click", () => player.step(-1));
  at("forth").addEventListener("click", () => player.step(1));
  at("loop").addEventListener("click", toggles.loop);
  at("mute").addEventListener("click", toggles.mute);
  at("undo").addEventListener("click", () => store.step("undo"));
  at("redo").addEventListener("click", () => store.step("redo"));
  at("scrub").addEventListener("input", () => player.seek(Number(at("scrub").value)));
  at("screen").addEventListener("click", toggles.play);
  player.addEventListener("playing", transport);
  player.addEventListener("frame", time);
  store.on("said", say);
  store.on("busy", () => document.body.classList.toggle("busy", store.busy));
  store.on("select", () => { if (!player.playing && store.shot !== null) player.peek(store.film.shots[store.shot][0]); });
  store.on("state", () => {
    const { state } = store;
    player.show(state);
    at("undo").disabled = !state.undo;
    at("redo").disabled = !state.redo;
    at("about").textContent = `revision ${state.revision}, ${state.positions.length} clips to ${state.music.name}`;
    if (state.gain !== null) sound.setGain(state.gain);
    proxies(state.proxies);
    time();
  });
}

async function begin() {
  say();
  store.film = await api.film();
  at("title").textContent = store.film.name;
  document.title = `${store.film.name}: desk`;
  wire();
  makeStrip(player);
  makeInspector(player);
  makeMap(player);
  makePanels(player);
  makeKeys(player, toggles);
  await store.refresh();
  if (!decodes) store.say("this browser cannot decode the moving pictures (WebCodecs): use Chromium, Edge, Safari or a newer Firefox", true);
  api.listen({
    state: ({ revision }) => { if (revision !== store.state.revision && !store.busy) store.refresh(); },
    proxies,
    gain: ({ gain }) => sound.setGain(gain),
    job: (job) => { store.state.job = job; store.tell("job"); },
    note: ({ text }) => store.say(text),
  }, (connected) => {
    document.body.classList.toggle("alone", !connected);
    if (connected) store.refresh();
    else store.say("the desk does not answer: everything is on the disk, start it again to go on", true);
  });
  document.body.classList.add("ready");
}

begin().catch((error) => {
  at("said").replaceChildren(h("span", { class: "failed" }, String(error.message ?? error)), button("Try again", () => location.reload()));
});

/** For tests: what plays. */
Object.assign(globalThis, { desk: { player, store, sound } });
