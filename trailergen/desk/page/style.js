// @ts-check
import { button, h } from "./dom.js";
import { store } from "./store.js";

/** The weights of the style's rules as sliders; what is not pinned is filled anew with them. */

const MOST = { guard: 20 };
const ORDINARY = 5;

/** @param {HTMLElement} panel */
export function makeStyle(panel) {
  /** @type {Record<string, number>} */ let moved = {};
  const draw = () => {
    moved = {};
    const { style } = store.state;
    const sliders = Object.entries(store.film.rules).map(([rule, why]) => {
      const known = style.weights[rule] ?? 0;
      const shown = h("output", { class: "code" }, known.toFixed(1));
      const range = /** @type {HTMLInputElement} */ (h("input", { type: "range", min: 0, max: /** @type {Record<string, number>} */ (MOST)[rule] ?? ORDINARY, step: 0.1, value: known }));
      range.addEventListener("input", () => { shown.textContent = Number(range.value).toFixed(1); moved[rule] = Number(range.value); });
      return h("label", { class: "weight" }, h("span", {}, h("b", {}, rule), h("span", { class: "soft" }, ` ${why}`)), range, shown);
    });
    panel.replaceChildren(
      h("p", { class: "soft" }, `Style ${style.name}. The more a rule weighs, the more it counts beside the model. Pinned clips stay.`),
      h("div", { class: "weights" }, sliders),
      h("div", { class: "actions" },
        button("Think all anew", () => ask(free()), { class: "main" }),
        button("Only the selected clip", () => ask([store.selected])),
        button("Another seed", () => store.change({ refill: free(), seed: (store.state.seed + 1) % 2 ** 31, ...weights() })),
      ),
    );
  };
  const weights = () => (Object.keys(moved).length ? { weight: moved } : {});
  const free = () => store.state.positions.flatMap((position, number) => (position.pinned ? [] : [number]));
  const ask = (/** @type {number[]} */ refill) => store.change({ refill, ...weights() });
  store.on("state", draw);
}
