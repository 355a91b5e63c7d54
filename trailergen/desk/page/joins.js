// @ts-check
/** @import { Plan, Transition } from "./types.js" */

/** Dissolves and dips as they are rendered (trailergen/rendering/video.py): which clips are seen at a frame, how much of each. */

/** The transition that a frame lies in. @param {Plan} plan @param {number} frame */
export const joinAt = (plan, frame) => plan.transitions.find((join) => frame >= join.in && frame < join.out);

/** The share of the second clip in the picture of a dissolve. @param {Transition} join @param {number} frame */
export const share = (join, frame) => (frame - join.in + 1) / (join.out - join.in + 1);

/** The light that a dip leaves: none where its two clips meet, at `cut`. @param {Transition} join @param {number} cut @param {number} frame */
export function light(join, cut, frame) {
  if (frame < cut) return 1 - (frame - join.in) / Math.max(cut - join.in - 1, 1);
  return Math.min((frame - cut) / Math.max(join.out - cut - 1, 1), 1);
}

/** The transitions into and out of a clip. @param {Plan} plan @param {number} number */
const beside = (plan, number) => [number, number + 1].map((at) => plan.transitions.find((join) => join.at === at));

/** Frames beside a clip's own that dissolves show, before and after. @param {Plan} plan @param {number} number @returns {[number, number]} */
export function handles(plan, number) {
  const [start, end] = plan.positions[number].record;
  const [into, out] = beside(plan, number).map((join) => (join?.kind === "dissolve" ? join : null));
  return [into ? start - into.in : 0, out ? out.out - end : 0];
}

/** Frames over which a clip's sound rises, and falls (trailergen/audio/stems/film.py). @param {Plan} plan @param {number} number @returns {[number, number]} */
export function slopes(plan, number) {
  const [start, end] = plan.positions[number].record;
  const [into, out] = beside(plan, number);
  const [early, late] = handles(plan, number);
  return [into ? into.out - start + early : 0, out ? end - out.in + late : 0];
}
