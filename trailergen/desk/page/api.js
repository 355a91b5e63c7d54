// @ts-check
/** @import { Film, Plan, State, Revision, Job } from "./types.js" */

/** An answer that is none: what happened, why, and what to do. */
export class Refused extends Error {
  /** @param {{error: string, why?: string | null, hint?: string | null, stale?: boolean}} facts */
  constructor(facts) {
    super([facts.error, facts.why && `why: ${facts.why}`, facts.hint && `try: ${facts.hint}`].filter(Boolean).join("\n"));
    this.stale = Boolean(facts.stale);
  }
}

/** @param {Response} answer */
async function read(answer) {
  if (answer.ok) return answer.json();
  const text = await answer.text();
  /** @type {any} */
  let facts = { error: text || `the desk answers ${answer.status}` };
  try {
    facts = JSON.parse(text);
  } catch {
    // It is plain text.
  }
  throw new Refused(facts);
}

/** @param {string} path */
const get = async (path) => read(await fetch(`api/${path}`));

/** @param {string} path @param {object} body */
const post = async (path, body) =>
  read(await fetch(`api/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));

export const api = {
  /** @returns {Promise<Film>} */
  film: () => get("film"),
  /** @returns {Promise<State>} */
  state: () => get("state"),
  /** @returns {Promise<Revision[]>} */
  history: () => get("history"),
  /** @param {number} number @returns {Promise<Plan>} */
  revision: (number) => get(`revision/${number}`),
  /** @param {number} number @returns {Promise<string[]>} */
  shot: (number) => get(`shot/${number}`),
  /** @param {number} base @param {object} wishes @returns {Promise<State>} */
  change: (base, wishes) => post("change", { base, ...wishes }),
  /** @param {number} base @param {"undo" | "redo" | number} to @returns {Promise<State>} */
  step: (base, to) => post("step", { base, to }),
  /** @param {number} base @param {object} wish @returns {Promise<Job>} */
  finish: (base, wish) => post("finish", { base, ...wish }),
  /** @param {number} base @returns {Promise<Job>} */
  stop: (base) => post("stop", { base }),
  /** @param {string} path @returns {Promise<ArrayBuffer>} */
  async bytes(path) {
    const answer = await fetch(`media/${path}`);
    if (!answer.ok) throw new Refused({ error: `the desk has no ${path}` });
    return answer.arrayBuffer();
  },
  /**
   * Listen to what happens until the page is left.
   * @param {Record<string, (facts: any) => void>} heard
   * @param {(connected: boolean) => void} connected
   */
  listen(heard, connected) {
    const source = new EventSource("api/events");
    for (const [kind, act] of Object.entries(heard)) {
      source.addEventListener(kind, (event) => act(JSON.parse(/** @type {MessageEvent} */ (event).data)));
    }
    source.addEventListener("open", () => connected(true));
    source.addEventListener("error", () => connected(false));
  },
};
