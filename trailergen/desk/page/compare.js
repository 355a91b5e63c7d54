// @ts-check
import { api } from "./api.js";
import { at, button, h } from "./dom.js";
import { Player } from "./player.js";
import { Sound } from "./sound.js";
import { store } from "./store.js";
/** @import { Plan } from "./types.js" */

/** Two revisions side by side at the same moment; blind, which is which is told after a choice. */

/** @param {number} number @param {boolean} blind */
export async function compare(number, blind) {
  const dialog = at("compare");
  /** @type {[Plan, Plan]} */
  const plans = [store.state, await api.revision(number)];
  if (blind && Math.random() < 0.5) plans.reverse();
  const sound = new Sound();
  const screens = plans.map((plan, side) => {
    const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { role: "img", aria: { label: side ? "The right one" : "The left one" } }));
    const player = new Player(canvas, side ? null : sound);
    player.show(plan);
    return { canvas, player, name: h("p", { class: "soft" }, blind ? (side ? "B" : "A") : `revision ${plan.revision}`) };
  });
  const players = screens.map((screen) => screen.player);
  const [left] = players;
  const scrub = /** @type {HTMLInputElement} */ (h("input", { type: "range", min: 0, max: Math.max(...plans.map((plan) => plan.frames)) - 1, value: 0, aria: { label: "Frame of both" } }));
  scrub.addEventListener("input", () => players.forEach((player) => player.seek(Number(scrub.value))));
  const both = button("Play", () => {
    const playing = players.some((player) => player.playing);
    for (const player of players) playing ? player.pause() : player.play(left.frame);
    both.textContent = playing ? "Play" : "Pause";
  }, { class: "main" });
  left.addEventListener("frame", () => { scrub.value = String(left.frame); });
  const verdict = h("p", { role: "status" });
  const choose = (/** @type {number} */ side) => {
    screens.forEach((screen, index) => { screen.name.textContent = `revision ${plans[index].revision}`; });
    verdict.textContent = `You chose revision ${plans[side].revision}.`;
    if (plans[side].revision !== store.state.revision) verdict.append(" ", button("Let it count", () => { store.step(plans[side].revision); dialog.close(); }));
  };
  const close = () => dialog.close();
  dialog.replaceChildren(
    h("h2", { id: "compare-title" }, blind ? "Which is better?" : `Revisions ${plans[0].revision} and ${plans[1].revision}`),
    h("div", { class: "sides" }, screens.map((screen) => h("div", {}, screen.canvas, screen.name))),
    scrub,
    h("div", { class: "actions" }, both, button("Left is better", () => choose(0)), button("Right is better", () => choose(1)), button("Close", close)),
    verdict,
  );
  dialog.addEventListener("close", () => { players.forEach((player) => player.close()); sound.stop(); dialog.replaceChildren(); }, { once: true });
  dialog.showModal();
}
