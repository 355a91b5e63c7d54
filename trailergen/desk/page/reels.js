// @ts-check
import { api } from "./api.js";
import { store } from "./store.js";

/**
 * Proxies of the film, picture by picture: parts are fetched when they are needed, and decoded from the picture that
 * stands for itself before the one that is wanted (trailergen/rendering/proxy.py).
 */

const PART_FRAMES = 192;
const KEYFRAMES = 8;
const HELD_PARTS = 160;
const CODEC = "avc1.42001f";

export const decodes = "VideoDecoder" in globalThis;

/** @type {Map<string, Promise<Uint8Array[]>>} */
const parts = new Map();

/** The part that a film frame lies in. @param {number} frame @returns {[number, number]} */
export function partOf(frame) {
  const { shots, frames } = store.film;
  let low = 0;
  let high = shots.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (shots[middle][0] <= frame) low = middle;
    else high = middle - 1;
  }
  const start = shots[low][0];
  const end = low + 1 < shots.length ? shots[low + 1][0] : frames;
  const first = start + Math.floor(Math.max(frame - start, 0) / PART_FRAMES) * PART_FRAMES;
  return [first, Math.min(first + PART_FRAMES, end)];
}

/**
 * The encoded pictures of a part. Few are asked for at once, or a browser would keep other requests waiting for them;
 * what the screen needs goes first.
 * @param {[number, number]} part @param {boolean} [urgent]
 */
export function load(part, urgent = false) {
  const name = part.join("-");
  let found = parts.get(name);
  if (!found) {
    found = inTurn(() => api.bytes(`${store.film.id}/part/${name}`), urgent).then(split);
    found.catch(() => parts.delete(name));
    parts.set(name, found);
    if (parts.size > HELD_PARTS) parts.delete(/** @type {string} */ (parts.keys().next().value));
  }
  return found;
}

const AT_ONCE = 3;
let underWay = 0;
/** @type {(() => void)[]} */ const waiting = [];

/** @template Result @param {() => Promise<Result>} ask @param {boolean} urgent @returns {Promise<Result>} */
async function inTurn(ask, urgent) {
  if (underWay >= AT_ONCE) await new Promise((go) => (urgent ? waiting.unshift(() => go(null)) : waiting.push(() => go(null))));
  underWay += 1;
  try {
    return await ask();
  } finally {
    underWay -= 1;
    waiting.shift()?.();
  }
}

/** A byte stream of H.264 cut before each access unit delimiter. @param {ArrayBuffer} buffer @returns {Uint8Array[]} */
function split(buffer) {
  const bytes = new Uint8Array(buffer);
  /** @type {number[]} */ const starts = [];
  for (let at = 0; at + 4 < bytes.length; at += 1) {
    if (bytes[at + 2] > 1) at += 2;
    else if (!bytes[at] && !bytes[at + 1] && !bytes[at + 2] && bytes[at + 3] === 1 && (bytes[at + 4] & 31) === 9) starts.push(at);
  }
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1] ?? bytes.length));
}

/** Decodes one part, forwards, from wherever it is asked to. */
class PartDecoder {
  /** @param {[number, number]} part @param {() => void} arrived @param {boolean} urgent */
  constructor(part, arrived, urgent) {
    this.part = part;
    this.arrived = arrived;
    /** @type {Map<number, VideoFrame>} */ this.frames = new Map();
    this.next = -1;
    this.from = 0;
    this.out = 0;
    /** @type {Uint8Array[] | null} */ this.units = null;
    this.failed = false;
    this.decoder = this.#open();
    load(part, urgent).then((units) => { this.units = units; arrived(); }, () => { this.failed = true; });
  }

  #open() {
    const decoder = new VideoDecoder({
      output: (frame) => {
        const at = Math.round(frame.timestamp);
        this.out = at + 1;
        if (at < this.from) { frame.close(); return; }
        this.frames.get(at)?.close();
        this.frames.set(at, frame);
        this.arrived();
      },
      error: () => { this.failed = true; },
    });
    decoder.configure({ codec: CODEC, optimizeForLatency: true });
    return decoder;
  }

  /** The picture of a film frame if it is decoded; it and `ahead` more will be. @param {number} frame @param {number} ahead */
  want(frame, ahead) {
    if (!this.units || this.failed) return null;
    const at = Math.min(frame - this.part[0], this.units.length - 1);
    const found = this.frames.get(at) ?? null;
    for (const [known, picture] of this.frames) {
      if (known < at || known > at + ahead + KEYFRAMES) { picture.close(); this.frames.delete(known); }
    }
    // What was decoded already and is gone, or lies far ahead, is sought; what is on its way is waited for.
    if (this.next < 0 || at > this.next + KEYFRAMES || (!found && at < this.out)) this.#seek(at);
    this.from = at;
    const end = Math.min(at + ahead, this.units.length - 1);
    while (this.next <= end && this.decoder.decodeQueueSize < KEYFRAMES * 2) {
      const key = this.next % KEYFRAMES === 0;
      const data = this.units[this.next];
      this.decoder.decode(new EncodedVideoChunk({ type: key ? "key" : "delta", timestamp: this.next, data }));
      this.next += 1;
      if (this.next === this.units.length) this.decoder.flush().catch(() => {});
    }
    return found;
  }

  /** @param {number} at */
  #seek(at) {
    if (this.next >= 0) {
      this.decoder.reset();
      this.decoder.configure({ codec: CODEC, optimizeForLatency: true });
    }
    for (const picture of this.frames.values()) picture.close();
    this.frames.clear();
    this.next = Math.floor(at / KEYFRAMES) * KEYFRAMES;
    this.out = this.next;
  }

  close() {
    for (const picture of this.frames.values()) picture.close();
    this.frames.clear();
    if (this.decoder.state !== "closed") this.decoder.close();
  }
}

/** The pictures of one clip, whatever parts it runs over. */
export class Reel {
  /** @param {() => void} [arrived] is called when a picture has been decoded. @param {boolean} [urgent] */
  constructor(arrived = () => {}, urgent = false) {
    this.urgent = urgent;
    this.arrived = arrived;
    /** @type {Map<number, PartDecoder>} */ this.open = new Map();
  }

  /**
   * The picture of a film frame, or null while it is being decoded.
   * @param {number} frame @param {number} [ahead] @param {number} [end] where the clip ends
   */
  want(frame, ahead = 8, end = Infinity) {
    if (!decodes) return null;
    const part = partOf(frame);
    const found = this.#decoder(part).want(frame, ahead);
    const next = part[1];
    const needed = new Set([part[0]]);
    if (next < end && frame + KEYFRAMES * 3 >= next && next < store.film.frames) {
      this.#decoder(partOf(next)).want(next, ahead);
      needed.add(next);
    }
    for (const [start, decoder] of this.open) {
      if (!needed.has(start)) { decoder.close(); this.open.delete(start); }
    }
    return found;
  }

  /** @param {[number, number]} part */
  #decoder(part) {
    let found = this.open.get(part[0]);
    if (!found) {
      found = new PartDecoder(part, this.arrived, this.urgent);
      this.open.set(part[0], found);
    }
    return found;
  }

  close() {
    for (const decoder of this.open.values()) decoder.close();
    this.open.clear();
  }
}

/** The address of a picture of the film. @param {number} frame @param {160 | 320 | 640} [width] */
export const picture = (frame, width = 160) => `media/${store.film.id}/still/${frame}-${width}`;

/** The middle of a shot, or of a clip. @param {[number, number]} range */
export const middle = ([start, end]) => Math.floor((start + end) / 2);

