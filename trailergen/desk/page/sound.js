// @ts-check
import { api } from "./api.js";
import { handles, slopes } from "./joins.js";
/** @import { Plan } from "./types.js" */

/**
 * The trailer's sound, mixed as trailergen/audio/mix.py mixes it: the music falls under lines by straight lines in
 * decibels, the clips make way for them altogether, and the whole is brought to its loudness by one factor.
 */

const HELD_CLIPS = 200;
const SOON_S = 0.03;
const AHEAD_S = 3;

/** @param {[number, number][]} points @param {number} time */
function saidAt(points, time) {
  let before = /** @type {[number, number] | null} */ (null);
  for (const point of points) {
    if (point[0] > time) {
      if (!before) return point[1];
      return before[1] + ((point[1] - before[1]) * (time - before[0])) / (point[0] - before[0]);
    }
    before = point;
  }
  return before ? before[1] : 0;
}

export class Sound {
  constructor() {
    /** @type {AudioContext | null} */ this.context = null;
    /** @type {Map<string, Promise<AudioBuffer | null>>} */ this.buffers = new Map();
    /** @type {AudioScheduledSourceNode[]} */ this.playing = [];
    /** @type {GainNode | null} */ this.master = null;
    /** @type {GainNode | null} */ this.bus = null;
    this.gain = 1;
    this.muted = false;
    this.startedAt = 0;
    this.from = 0;
    this.run = 0;
  }

  /** To be called by somebody's own doing: browsers let nothing sound before. */
  async wake() {
    if (!this.context) {
      this.context = new AudioContext({ latencyHint: "interactive" });
      this.master = this.context.createGain();
      this.master.gain.value = this.muted ? 0 : this.gain;
      this.master.connect(this.context.destination);
    }
    if (this.context.state !== "running") {
      await Promise.race([this.context.resume(), new Promise((done) => setTimeout(done, 300))]);
    }
  }

  /** Seconds of the trailer that are heard now, or null where nothing sounds. */
  get time() {
    if (!this.context || this.context.state !== "running" || !this.playing.length) return null;
    return this.from + Math.max(this.context.currentTime - this.startedAt, 0);
  }

  /** @param {number} gain */
  setGain(gain) {
    this.gain = gain;
    this.#level();
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    this.#level();
  }

  #level() {
    if (this.context && this.master) {
      this.master.gain.setTargetAtTime(this.muted ? 0 : this.gain, this.context.currentTime, 0.02);
    }
  }

  /**
   * Fetch what a plan sounds like; what is heard first is waited for.
   * @param {Plan} plan @param {string} film @param {number} rate @param {number} from in seconds
   */
  async prepare(plan, film, rate, from) {
    if (!this.context) return;
    const soon = plan.positions.map(({ record }) => record[1] / rate > from && record[0] / rate < from + AHEAD_S);
    const clips = (/** @type {boolean} */ now) => soon.flatMap((one, number) => (one === now ? [this.#clip(plan, film, number)] : []));
    const wanted = [this.#music(plan), this.#lines(plan, film), ...clips(true)];
    clips(false);
    await Promise.race([Promise.allSettled(wanted), new Promise((done) => setTimeout(done, 2500))]);
  }

  /**
   * Sound from there on, in place of what sounds now.
   * @param {Plan} plan @param {string} film @param {number} rate @param {number} from in seconds
   */
  async start(plan, film, rate, from) {
    this.run += 1;
    const run = this.run;
    await this.wake();
    await this.prepare(plan, film, rate, from);
    const context = this.context;
    if (run !== this.run || !context || !this.master) return;
    this.#end();
    const bus = context.createGain();
    bus.connect(this.master);
    this.bus = bus;
    const at = context.currentTime + SOON_S;
    bus.gain.setValueAtTime(0, context.currentTime);
    bus.gain.linearRampToValueAtTime(1, at + 0.005);
    this.startedAt = at;
    this.from = from;
    const { presence, duck, clips } = plan.sound;
    const music = await this.#music(plan);
    if (music && run === this.run) {
      this.#play(music, this.#faded(bus, presence, from, at, (said) => 10 ** ((-duck * said) / 20), true), at, from);
    }
    const lines = await this.#lines(plan, film);
    if (lines && run === this.run) this.#play(lines, bus, at, from);
    if (clips === null || clips === undefined) return;
    const level = context.createGain();
    level.gain.value = 10 ** (clips / 20);
    level.connect(this.#faded(bus, presence, from, at, (said) => 1 - said, false));
    plan.positions.forEach(({ record }, number) => {
      const [early, late] = handles(plan, number);
      const [begins, ends] = [(record[0] - early) / rate, (record[1] + late) / rate];
      if (ends <= from) return;
      const [rise, fall] = slopes(plan, number).map((frames) => frames / rate);
      // Nothing waits for those that come later.
      this.#clip(plan, film, number).then((heard) => {
        if (!heard || run !== this.run) return;
        const to = rise || fall ? this.#sloped(level, [begins, begins + rise, ends - fall, ends], from, at) : level;
        this.#play(heard, to, at + Math.max(begins - from, 0), Math.max(from - begins, 0));
      });
    });
  }

  stop() {
    this.run += 1;
    this.#end();
  }

  /** A piece of two hundredths of a second or so, as one steps or drags. @param {Plan} plan @param {string} film @param {number} from */
  async blip(plan, film, from) {
    if (!this.context || this.muted || !this.master) return;
    const music = await this.#music(plan);
    if (!music || this.playing.length) return;
    const source = new AudioBufferSourceNode(this.context, { buffer: music });
    source.connect(this.master);
    source.start(0, Math.min(from, music.duration), 0.06);
  }

  #end() {
    const bus = this.bus;
    if (this.context && bus) {
      const now = this.context.currentTime;
      bus.gain.setTargetAtTime(0, now, 0.004);
      for (const source of this.playing) {
        try { source.stop(now + 0.03); } catch { /* It has not begun. */ }
      }
      setTimeout(() => bus.disconnect(), 60);
    }
    this.playing = [];
    this.bus = null;
  }

  /** @param {AudioBuffer} buffer @param {AudioNode} to @param {number} at @param {number} offset */
  #play(buffer, to, at, offset) {
    if (!this.context) return;
    // What arrives late is heard from where it ought to be by then.
    const late = Math.max(this.context.currentTime - at, 0);
    if (offset + late >= buffer.duration) return;
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(to);
    source.start(at + late, offset + late);
    this.playing.push(source);
  }

  /**
   * A gain that follows how much is said.
   * @param {AudioNode} to @param {[number, number][]} points @param {number} from @param {number} at
   * @param {(said: number) => number} level @param {boolean} decibels straight in decibels
   */
  #faded(to, points, from, at, level, decibels) {
    const node = /** @type {AudioContext} */ (this.context).createGain();
    node.gain.setValueAtTime(level(saidAt(points, from)), at);
    for (const [time, said] of points) {
      if (time <= from) continue;
      const when = at + time - from;
      if (decibels) node.gain.exponentialRampToValueAtTime(Math.max(level(said), 1e-4), when);
      else node.gain.linearRampToValueAtTime(level(said), when);
    }
    node.connect(to);
    return node;
  }

  /**
   * A gain that rises at once or over a while, and falls.
   * @param {AudioNode} to @param {[number, number, number, number]} times seconds of the trailer: silent, loud, still loud, silent
   * @param {number} from @param {number} at
   */
  #sloped(to, times, from, at) {
    const points = times.map((time, index) => /** @type {[number, number]} */ ([time, index === 1 || index === 2 ? 1 : 0]));
    return this.#faded(to, points, from, at, (level) => level, false);
  }

  /** @param {Plan} plan */
  #music(plan) {
    return this.#buffer(`music ${plan.music.id} ${plan.frames}`, `${plan.music.id}/music/${plan.revision}`);
  }

  /** @param {Plan} plan @param {string} film */
  #lines(plan, film) {
    if (!plan.lines.length || plan.sound.film === "none") return Promise.resolve(null);
    const name = plan.lines.map((line) => `${line.film}:${line.at}:${line.length}`).join();
    return this.#buffer(`lines ${name}`, `${film}/lines/${plan.revision}`);
  }

  /** @param {Plan} plan @param {string} film @param {number} number */
  #clip(plan, film, number) {
    if (plan.sound.clips === null || plan.sound.clips === undefined) return Promise.resolve(null);
    const [early, late] = handles(plan, number);
    const [start, end] = [plan.positions[number].source[0] - early, plan.positions[number].source[1] + late];
    return this.#buffer(`clip ${start} ${end}`, `${film}/sound/${start}-${end}`);
  }

  /** @param {string} name @param {string} path @returns {Promise<AudioBuffer | null>} */
  #buffer(name, path) {
    let found = this.buffers.get(name);
    if (!found) {
      found = api.bytes(path).then((bytes) => /** @type {AudioContext} */ (this.context).decodeAudioData(bytes));
      found = found.catch(() => { this.buffers.delete(name); return null; });
      this.buffers.set(name, found);
      if (this.buffers.size > HELD_CLIPS) this.buffers.delete(/** @type {string} */ (this.buffers.keys().next().value));
    }
    return found;
  }
}
