// @ts-check
import { api } from "./api.js";
import { button, h } from "./dom.js";
import { compare } from "./compare.js";
import { store } from "./store.js";
/** @import { Revision } from "./types.js" */

const LINES = 4;

/** All states, the newest first: gone back to, and compared. @param {HTMLElement} panel */
export function makeHistory(panel) {
  /** @type {Revision[]} */ let known = [];
  const list = h("ol", { class: "revisions" });
  panel.append(h("p", { class: "soft" }, "Every state is a plan on the disk; none is ever changed or removed."), list);
  const draw = async () => {
    if (panel.hidden || !store.state) return;
    known = await api.history();
    const { revision } = store.state;
    list.replaceChildren(...known.toReversed().map((one) => h("li", { aria: { current: one.revision === revision ? "true" : null } },
      h("span", { class: "code" }, one.revision), h("div", { class: "told" }, h("b", {}, one.asked.filter((text) => !text.startsWith("--seed")).join(" ") || "opened"), h("span", { class: "soft" }, ` ${one.told.slice(0, LINES).join("; ")}`),
        one.told.length > LINES && h("details", { class: "soft" }, h("summary", {}, `and ${one.told.length - LINES} more`), one.told.slice(LINES).join("; "))),
      one.revision === revision ? h("span", { class: "soft" }, "counts now") : h("span", { class: "actions" },
        button("Go back to it", () => store.step(one.revision), { aria: { label: `Go back to it, revision ${one.revision}` } }),
        button("Compare", () => compare(one.revision, false), { aria: { label: `Compare with revision ${one.revision}` } }),
        button("Blind", () => compare(one.revision, true), { aria: { label: `Blind: compare with revision ${one.revision} without knowing which is which` } }),
      ))));
  };
  panel.addEventListener("shown", draw);
  store.on("state", draw);
}
