// @ts-check
import { api, Refused } from "./api.js";
/** @import { Film, State, Position } from "./types.js" */

/**
 * What the page knows: the film, the state that counts, and what is selected. Everything else on the page is drawn
 * from it.
 */
class Store extends EventTarget {
  constructor() {
    super();
    /** @type {Film} */ this.film = /** @type {any} */ (null);
    /** @type {State} */ this.state = /** @type {any} */ (null);
    this.selected = 0;
    /** @type {number | null} */ this.shot = null;
    this.busy = false;
    this.waiting = 0;
    /** @type {Promise<unknown>} */ this.turn = Promise.resolve();
  }

  /** Frames a second. */
  get rate() {
    return this.film.rate[0] / this.film.rate[1];
  }

  /** @returns {Position} */
  get position() {
    return this.state.positions[this.selected];
  }

  /** @param {string} kind @param {() => void} act */
  on(kind, act) {
    this.addEventListener(kind, act);
  }

  /** @param {string} kind */
  tell(kind) {
    this.dispatchEvent(new Event(kind));
  }

  /** @param {State} state */
  take(state) {
    const id = this.state?.positions[this.selected]?.id;
    this.state = state;
    const found = state.positions.findIndex((position) => position.id === id);
    this.selected = found >= 0 ? found : Math.min(this.selected, state.positions.length - 1);
    this.tell("state");
  }

  /** @param {number} number */
  select(number) {
    this.selected = Math.min(Math.max(number, 0), this.state.positions.length - 1);
    this.shot = null;
    this.tell("select");
  }

  /** Look at a shot of the film rather than at a position. @param {number | null} number */
  look(number) {
    this.shot = number;
    this.tell("select");
  }

  /** @param {string} text @param {boolean} [failed] */
  say(text, failed = false) {
    this.said = { text, failed };
    this.tell("said");
  }

  /** @param {object} wishes */
  change(wishes) {
    return this.#ask(() => api.change(this.state.revision, wishes), true);
  }

  /** @param {"undo" | "redo" | number} to */
  step(to) {
    return this.#ask(() => api.step(this.state.revision, to), false);
  }

  /** What counts now, wherever it was changed. */
  async refresh() {
    this.take(await api.state());
  }

  /**
   * One request after the other, each about the state that the one before it made.
   * @param {() => Promise<State>} ask @param {boolean} told
   */
  #ask(ask, told) {
    this.waiting += 1;
    const mine = this.turn.then(() => this.#asked(ask, told));
    this.turn = mine;
    return mine;
  }

  /** @param {() => Promise<State>} ask @param {boolean} told */
  async #asked(ask, told) {
    this.busy = true;
    this.tell("busy");
    try {
      this.take(await ask());
      this.say(told ? this.state.told.join("\n") : `revision ${this.state.revision}`);
      return true;
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error), true);
      if (error instanceof Refused && error.stale) await this.refresh();
      return false;
    } finally {
      this.waiting -= 1;
      this.busy = this.waiting > 0;
      this.tell("busy");
    }
  }
}

export const store = new Store();
