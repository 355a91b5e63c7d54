// @ts-check
import { handles, joinAt, light, share } from "./joins.js";
import { Reel } from "./reels.js";
import { store } from "./store.js";
/** @import { Plan } from "./types.js" */
/** @import { Sound } from "./sound.js" */

/**
 * Plays a plan on a canvas: every picture is the one that a render would show there. The clock is the sound's; at a cut
 * the first pictures of the next clip are decoded already.
 */
export class Player extends EventTarget {
  /** @param {HTMLCanvasElement} canvas @param {Sound | null} sound */
  constructor(canvas, sound) {
    super();
    this.canvas = canvas;
    this.sound = sound;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
    /** @type {Plan | null} */ this.plan = null;
    this.frame = 0;
    this.drawn = -1;
    this.playing = false;
    /** @type {[number, number] | null} */ this.loop = null;
    /** @type {number | null} */ this.shownSource = null;
    /** @type {Map<string, Reel>} */ this.reels = new Map();
    /** @type {Map<string, HTMLImageElement>} */ this.cards = new Map();
    this.started = 0;
    this.begun = 0;
    this.late = 0;
    this.watched = 0;
    this.ask = 0;
  }

  /** Show another state; what plays goes on. @param {Plan} plan */
  show(plan) {
    const before = this.plan;
    this.plan = plan;
    // Proxies are of the film's shape, of which each clip shows a part of its own where the trailer's is another.
    const { proxy } = store.film;
    const { width: wide, height: high } = plan;
    const apart = Math.abs(proxy[0] * high / (proxy[1] * wide) - 1) > 0.02;
    const scale = Math.max(...proxy) / Math.max(wide, high);
    const [width, height] = apart ? [Math.round(wide * scale), Math.round(high * scale)] : proxy;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.frame = Math.min(this.frame, plan.frames - 1);
    this.shownSource = null;
    if (this.playing && this.sound && (!before || heard(before) !== heard(plan))) this.#sound(this.now());
    this.refresh();
  }

  /** Look at one frame of the film for a while, as one drags. @param {number} source */
  peek(source) {
    this.shownSource = source;
    this.refresh();
  }

  /** @param {number} [from] a frame */
  play(from = this.frame) {
    if (!this.plan) return;
    const { start, end } = this.#span();
    this.frame = from < start || from >= end - 1 ? start : from;
    this.shownSource = null;
    this.playing = true;
    this.late = this.watched = 0;
    this.#sound(this.frame);
    this.#tick();
    this.dispatchEvent(new Event("playing"));
  }

  pause() {
    if (!this.playing) return;
    this.frame = this.now();
    this.playing = false;
    cancelAnimationFrame(this.ask);
    this.sound?.stop();
    this.refresh();
    this.dispatchEvent(new Event("playing"));
  }

  /** @param {number} frame */
  seek(frame) {
    if (!this.plan) return;
    const wanted = Math.min(Math.max(Math.round(frame), 0), this.plan.frames - 1);
    this.shownSource = null;
    this.frame = wanted;
    if (this.playing) this.#sound(wanted);
    this.refresh();
    this.dispatchEvent(new Event("frame"));
  }

  /** @param {number} frames */
  step(frames) {
    this.pause();
    this.seek(this.frame + frames);
    if (this.plan) this.sound?.blip(this.plan, store.film.id, this.frame / store.rate);
  }

  /** Play this part of the trailer again and again; null for all of it once. @param {[number, number] | null} range */
  repeat(range) {
    this.loop = range;
    if (range && (this.frame < range[0] || this.frame >= range[1])) this.seek(range[0]);
    this.dispatchEvent(new Event("playing"));
  }

  /** The number of the position that a frame lies in. @param {number} frame */
  positionAt(frame) {
    const positions = this.plan?.positions ?? [];
    let low = 0;
    let high = positions.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (positions[middle].record[0] <= frame) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The frame that is to be seen now. */
  now() {
    if (!this.playing) return this.frame;
    const heardAt = this.sound?.time;
    const silent = this.begun + (performance.now() - this.started) / 1000;
    const seconds = this.sound && this.waiting ? this.begun : heardAt ?? silent;
    return Math.floor(seconds * store.rate + 1e-6);
  }

  refresh() {
    this.drawn = -1;
    if (!this.playing) {
      cancelAnimationFrame(this.ask);
      this.ask = requestAnimationFrame(() => this.draw(this.frame));
    }
  }

  /** Draw a frame if it is decoded. @param {number} frame @returns {boolean} */
  draw(frame) {
    const plan = this.plan;
    if (!plan) return false;
    const number = this.positionAt(frame);
    const position = plan.positions[number];
    const peeking = this.shownSource !== null;
    const source = this.shownSource ?? position.source[0] + frame - position.record[0];
    this.#keep(number, peeking);
    const card = plan.cards.findIndex((one) => frame >= one.in && frame < one.out);
    const { context, canvas } = this;
    const titled = card >= 0 && !peeking;
    const hidden = titled && !plan.cards[card].over;
    if (hidden) this.#cover(1);
    else if (this.shownSource !== null) {
      const picture = this.#reel("peek").want(this.shownSource, this.playing ? 8 : 1, position.source[1]);
      if (!picture) return false;
      this.#cover(1);
      this.#paint(picture, null);
    } else if (!this.#clips(plan, number, frame)) return false;
    if (titled) {
      const image = this.#card(card);
      context.globalAlpha = level(frame - plan.cards[card].in, plan.cards[card].out - plan.cards[card].in, store.rate);
      if (image.complete && image.naturalWidth) context.drawImage(image, 0, 0, canvas.width, canvas.height);
      context.globalAlpha = 1;
    }
    const closing = plan.frames - plan.closing;
    if (plan.closing && frame >= closing && !peeking) this.#cover(Math.min((frame - closing) / Math.max(plan.closing - 1, 1), 1));
    this.drawn = frame;
    canvas.dataset.frame = String(frame);
    canvas.dataset.source = hidden ? "card" : String(source);
    this.dispatchEvent(new Event("drawn"));
    return true;
  }

  /** Draw the clip of a frame, or the mixture of two, if all of it is decoded. @param {Plan} plan @param {number} number @param {number} frame */
  #clips(plan, number, frame) {
    const join = joinAt(plan, frame);
    const seen = join?.kind === "dissolve" ? [join.at - 1, join.at] : [number];
    const layers = seen.map((at) => {
      const { id, record, source, view } = plan.positions[at];
      const on = frame - record[0];
      const picture = this.#reel(id).want(source[0] + on, this.playing ? 8 : 1, source[1] + handles(plan, at)[1]);
      const done = Math.min(Math.max(on / Math.max(1, source[1] - source[0] - 1), 0), 1);
      return { picture, view: view && view[0].map((first, side) => first + (view[1][side] - first) * done) };
    });
    // Asked for are both, before one that is missing is waited for.
    if (layers.some(({ picture }) => !picture)) return false;
    this.#cover(1);
    for (const [layer, { picture, view }] of layers.entries()) {
      this.context.globalAlpha = join && layer ? share(join, frame) : 1;
      this.#paint(/** @type {VideoFrame} */ (picture), view);
    }
    this.context.globalAlpha = 1;
    if (join?.kind === "dip") this.#cover(1 - light(join, plan.positions[join.at].record[0], frame));
    return true;
  }

  /** Lay black over the picture. @param {number} share */
  #cover(share) {
    const { context, canvas } = this;
    context.fillStyle = `rgb(0 0 0 / ${share})`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }

  /** Draw a part of a picture, given in shares of it, or all of it over what is there. @param {VideoFrame} picture @param {number[] | null} view */
  #paint(picture, view) {
    const { context, canvas } = this;
    const [wide, high] = [picture.displayWidth, picture.displayHeight];
    if (view) {
      const [x, y, width, height] = view;
      context.drawImage(picture, x * wide, y * high, width * wide, height * high, 0, 0, canvas.width, canvas.height);
      return;
    }
    const scale = Math.min(canvas.width / wide, canvas.height / high);
    if (Math.abs(canvas.width / wide / (canvas.height / high) - 1) < 0.02) {
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      return;
    }
    const [left, top] = [(canvas.width - wide * scale) / 2, (canvas.height - high * scale) / 2];
    context.drawImage(picture, left, top, wide * scale, high * scale);
  }

  #tick() {
    this.ask = requestAnimationFrame(() => {
      if (!this.playing || !this.plan) return;
      const { start, end } = this.#span();
      let frame = this.now();
      if (frame >= end) {
        if (!this.loop) { this.frame = end - 1; this.playing = false; this.sound?.stop(); this.refresh(); this.dispatchEvent(new Event("playing")); return; }
        this.frame = frame = start;
        this.#sound(start);
      }
      if (frame !== this.drawn) {
        this.watched += 1;
        if (!this.draw(frame)) this.late += 1;
      }
      if (frame !== this.frame) { this.frame = frame; this.dispatchEvent(new Event("frame")); }
      // What follows is decoded before it is needed.
      const number = this.positionAt(frame);
      const next = number + 1 < this.plan.positions.length ? number + 1 : this.loop && this.positionAt(start);
      if (next !== null) this.#ready(this.plan, next, this.plan.positions[number].record[1] - frame);
      this.#tick();
    });
  }

  /** Decode the first pictures of a clip that begins in so many frames, or is dissolved into before. @param {Plan} plan @param {number} number @param {number} frames */
  #ready(plan, number, frames) {
    const { id, source } = plan.positions[number];
    const [early, late] = handles(plan, number);
    if (frames > early && frames - early < 36) this.#reel(id).want(source[0] - early, 4, source[1] + late);
  }

  #span() {
    return { start: this.loop?.[0] ?? 0, end: this.loop?.[1] ?? this.plan?.frames ?? 0 };
  }

  /** @param {number} frame */
  #sound(frame) {
    this.begun = frame / store.rate;
    this.started = performance.now();
    if (!this.sound || !this.plan) return;
    this.waiting = true;
    const plan = this.plan;
    this.sound.start(plan, store.film.id, store.rate, this.begun).finally(() => {
      this.waiting = false;
      this.started = performance.now();
    });
  }

  /** Close the reels of clips that are neither here nor next. @param {number} number @param {boolean} peeking */
  #keep(number, peeking) {
    const near = new Set(peeking ? ["peek"] : []);
    for (const at of [number - 1, number, number + 1]) {
      const position = this.plan?.positions[at];
      if (position) near.add(position.id);
    }
    if (this.loop) near.add(this.plan?.positions[this.positionAt(this.loop[0])].id ?? "");
    for (const [id, reel] of this.reels) {
      if (!near.has(id)) { reel.close(); this.reels.delete(id); }
    }
  }

  /** @param {string} id */
  #reel(id) {
    let reel = this.reels.get(id);
    if (!reel) {
      reel = new Reel(() => { if (!this.playing && this.drawn < 0) this.draw(this.frame); }, true);
      this.reels.set(id, reel);
    }
    return reel;
  }

  /** @param {number} number */
  #card(number) {
    const plan = /** @type {Plan} */ (this.plan);
    const name = `${store.film.id}/card/${plan.revision}-${number}`;
    let image = this.cards.get(name);
    if (!image) {
      image = new Image();
      image.src = `media/${name}`;
      image.addEventListener("load", () => this.refresh());
      this.cards.set(name, image);
    }
    return image;
  }

  close() {
    this.pause();
    for (const reel of this.reels.values()) reel.close();
    this.reels.clear();
  }
}

/** The light of a card: it comes and goes over a third of a second (trailergen/rendering/cards.py). @param {number} at @param {number} frames @param {number} rate */
function level(at, frames, rate) {
  const fade = Math.min(Math.round(rate / 3), Math.floor(frames / 4));
  return Math.min(1, Math.min(at + 1, frames - at) / (fade + 1));
}

/** Equal for plans that sound alike. @param {Plan} plan */
function heard(plan) {
  const { clips, film, duck, presence } = plan.sound;
  const sources = clips === null || clips === undefined ? [] : plan.positions.map((position) => [position.source, position.record]);
  const joins = sources.length ? plan.transitions : [];
  return JSON.stringify([plan.music.id, plan.frames, film, clips, duck, presence, plan.lines, sources, joins]);
}
