// @ts-check
/**
 * What the server tells, as trailergen/desk/shown.py makes it. Ranges are half-open, in frames.
 *
 * @typedef {[number, number]} Range
 *
 * @typedef {Object} Film
 * @property {string} id
 * @property {string} name
 * @property {[number, number]} rate
 * @property {number} frames
 * @property {string[]} shapes
 * @property {[number, number]} proxy
 * @property {Range[]} shots
 * @property {Record<string, string[]>} found
 * @property {number[]} scenes
 * @property {Record<string, (number | null)[]>} readings
 * @property {string[]} timecodes
 * @property {[number, number, string][]} cues
 * @property {Record<string, string>} rules
 * @property {Record<string, string>} tracks
 * @property {Record<string, string>} logos
 *
 * @typedef {Object} Position
 * @property {string} id
 * @property {number} shot
 * @property {Range} source
 * @property {Range} record
 * @property {Range} room
 * @property {string} timecode
 * @property {number} confidence
 * @property {number} round
 * @property {boolean} pinned
 * @property {{shot: number, p: number}[]} alternatives
 * @property {string[]} notes
 * @property {number[][] | null} view
 * @property {string[]} reasons
 * @property {number[]} shots
 * @property {"" | "shot" | "place" | "part" | "length"} changed
 *
 * @typedef {{kind: "dissolve" | "dip", at: number, in: number, out: number}} Transition
 *
 * @typedef {Object} Plan
 * @property {number} revision
 * @property {number} frames
 * @property {number} width
 * @property {number} height
 * @property {string | null} shape
 * @property {number} closing
 * @property {{id: string, name: string}} music
 * @property {Position[]} positions
 * @property {{text: string, kind: string, in: number, out: number, over: boolean}[]} cards
 * @property {{size: number, color: string, background: string, over: boolean | null, logo: [string, string] | null} | null} look
 * @property {{text: string, at: number, length: number, film: number}[]} lines
 * @property {{film: string, clips: number | null, loudness: number | null, duck: number, presence: [number, number][]}} sound
 * @property {Record<string, string[]>} flags
 * @property {Transition[]} transitions
 * @property {{in: number, out: number, why: string, from: string, lift: string}[]} bans
 * @property {{name: string, weights: Record<string, number>}} style
 * @property {string[]} relaxed
 * @property {number} seed
 *
 * @typedef {Object} Job
 * @property {string} state
 * @property {string} [make]
 * @property {string} [stage]
 * @property {number} [done]
 * @property {number | null} [total]
 * @property {string[]} [files]
 * @property {string[]} [notes]
 * @property {string} [error]
 *
 * @typedef {Plan & {parent: number | null, asked: string[], told: string[], undo: boolean, redo: boolean,
 *   gain: number | null, proxies: {made: number, asked: number}, job: Job}} State
 *
 * @typedef {{revision: number, parent: number | null, asked: string[], told: string[]}} Revision
 */
export {};
