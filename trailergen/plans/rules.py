"""The rules between a plan's fields, that its types alone cannot say."""

from __future__ import annotations

import math
from fractions import Fraction

from trailergen.plans.base import Range
from trailergen.plans.heard import SAMPLE_RATE
from trailergen.plans.types import Plan, closing_frames, sequence_samples, shots_in
from trailergen.timebase import round_half_up


def violations(plan: Plan) -> list[str]:
    """Everything in the plan that could not be rendered, each line with its JSON path.

    Checked: record ranges start at 0, follow each other without gap or overlap and fill the sequence; the
    music part is as long as the sequence to within a frame; source ranges lie in the film, are as long as
    their records, start in the named shot, and keep out of the bans; no shot and no position id is used
    twice; every position has a segment; shot numbers are their indices and shots follow each other; cards and lines lie
    in the trailer and do not overlap; lines lie in the film and are as long as their records; crop and views lie in the
    film's picture; transitions lie over a cut, inside its two clips, under no card, and have the frames they show.
    """
    return [
        *_shot_violations(plan),
        *_position_violations(plan),
        *_music_violations(plan),
        *_line_violations(plan),
        *_picture_violations(plan),
        *_transition_violations(plan),
    ]


def _shot_violations(plan: Plan) -> list[str]:
    found, end = [], 0
    for index, shot in enumerate(plan.shots):
        if shot.number != index:
            found.append(f"$.shots[{index}].number: is {shot.number}, expected {index}")
        if shot.start < end or shot.end > plan.film.frames:
            found.append(f"$.shots[{index}]: overlaps the shot before it or leaves the film")
        end = shot.end
    return found


def _position_violations(plan: Plan) -> list[str]:
    found: list[str] = []
    ids: dict[str, int] = {}
    shown: dict[int, int] = {}
    record_end = 0
    for index, position in enumerate(plan.positions):
        at = f"$.positions[{index}]"
        if position.record.start != record_end:
            kind = "overlaps" if position.record.start < record_end else "leaves a gap after"
            found.append(f"{at}.record: {kind} the position before it (expected in = {record_end})")
        record_end = position.record.end
        if len(position.source) != len(position.record):
            found.append(f"{at}.source: {len(position.source)} frames for a record of {len(position.record)}")
        if position.source.end > plan.film.frames:
            found.append(f"{at}.source: ends after the film's last frame ({plan.film.frames})")
        if position.shot >= len(plan.shots):
            found.append(f"{at}.shot: the film has no shot {position.shot}")
            continue
        shot = plan.shots[position.shot]
        if not shot.start <= position.source.start < shot.end:
            found.append(f"{at}.source: does not start in shot {position.shot} [{shot.start}, {shot.end})")
        if position.id in ids:
            found.append(f"{at}.id: {position.id!r} is also the id of positions[{ids[position.id]}]")
        ids[position.id] = index
        for number in shots_in(plan, position.source):
            if number in shown and not (position.pinned and plan.positions[shown[number]].pinned):
                found.append(f"{at}: shows shot {number}, as positions[{shown[number]}] does")
            shown[number] = index
        found.extend(
            f"{at}.source: shows frames banned by {ban.why}" for ban in plan.bans if ban.range.overlaps(position.source)
        )
    if record_end != plan.sequence.frames:
        found.append(f"$.sequence.frames: is {plan.sequence.frames}, the positions end at {record_end}")
    return found


def _music_violations(plan: Plan) -> list[str]:
    found = []
    if len(plan.segments) != len(plan.positions):
        found.append(f"$.segments: there are {len(plan.segments)} for {len(plan.positions)} positions")
    wanted = round_half_up(Fraction(len(plan.music.part), plan.music.sample_rate) * plan.sequence.rate)
    if abs(wanted - plan.sequence.frames) > 1:
        found.append(f"$.music.part: lasts {wanted} frames, the sequence {plan.sequence.frames}")
    if plan.music.fade_out > len(plan.music.part):
        found.append("$.music.fade_out: longer than the music")
    if plan.sequence.rate != plan.film.rate:
        found.append("$.sequence.rate: must be the film's rate")
    if plan.sequence.width % 2 or plan.sequence.height % 2:
        found.append("$.sequence: width and height must be even")
    return found


def _line_violations(plan: Plan) -> list[str]:
    found: list[str] = []
    film_end = math.ceil(plan.film.frames / plan.film.rate * SAMPLE_RATE)
    record_end = 0
    for index, line in enumerate(plan.narration.lines if plan.narration else []):
        at = f"$.narration.lines[{index}]"
        if len(line.source) != len(line.record):
            found.append(f"{at}.source: {len(line.source)} samples for a record of {len(line.record)}")
        if line.source.end > film_end:
            found.append(f"{at}.source: ends after the film ({film_end})")
        if line.record.start < record_end:
            found.append(f"{at}.record: overlaps the line before it, or comes before it")
        record_end = line.record.end
        spoken = Range.model_validate(
            {
                "in": math.floor(line.source.start * plan.film.rate / SAMPLE_RATE),
                "out": math.ceil(line.source.end * plan.film.rate / SAMPLE_RATE),
            }
        )
        found.extend(f"{at}.source: is banned by {ban.why}" for ban in plan.bans if ban.range.overlaps(spoken))
    if record_end > sequence_samples(plan):
        found.append(f"$.narration.lines: end after the trailer ({sequence_samples(plan)})")
    return found


def _transition_violations(plan: Plan) -> list[str]:
    found: list[str] = []
    begins = {position.id: index for index, position in enumerate(plan.positions)}
    end = 0
    for number, transition in enumerate(plan.transitions):
        at, record = f"$.transitions[{number}]", transition.record
        index = begins.get(transition.position, 0)
        if index == 0:
            found.append(f"{at}.position: {transition.position!r} is no position that another goes before")
            continue
        before, after = plan.positions[index - 1], plan.positions[index]
        if not before.record.start < record.start <= after.record.start <= record.end < after.record.end:
            found.append(f"{at}.record: does not lie over the cut at {after.record.start}, inside both clips")
        if record.start < end:
            found.append(f"{at}.record: overlaps the transition before it, or comes before it")
        end = record.end
        if any(card.record.overlaps(record) for card in plan.cards):
            found.append(f"{at}.record: lies under a card")
        if record.end > plan.sequence.frames - closing_frames(plan) and after is plan.positions[-1]:
            found.append(f"{at}.record: reaches into the closing fade")
        if transition.kind == "dissolve":
            first, last = after.source.start - (after.record.start - record.start), before.source.end
            last += record.end - after.record.start
            if first < 0 or last > plan.film.frames:
                found.append(f"{at}: shows frames that the film does not have")
            found.extend(
                f"{at}: shows frames banned by {ban.why}"
                for ban in plan.bans
                if (ban.range.start < last and before.source.end < ban.range.end)
                or (ban.range.start < after.source.start and first < ban.range.end)
            )
    return found


def _picture_violations(plan: Plan) -> list[str]:
    found = []
    end = 0
    for index, card in enumerate(plan.cards):
        if card.record.start < end:
            found.append(f"$.cards[{index}].record: overlaps the card before it, or comes before it")
        end = card.record.end
    if end > plan.sequence.frames:
        found.append(f"$.cards: end after the trailer ({plan.sequence.frames})")
    crop = plan.sequence.crop
    if crop and (crop.x + crop.width > plan.film.width or crop.y + crop.height > plan.film.height):
        found.append("$.sequence.crop: leaves the film's picture")
    for index, position in enumerate(plan.positions):
        view = position.view
        if view and (view.x + view.width > plan.film.width or view.y + view.height > plan.film.height):
            found.append(f"$.positions[{index}].view: leaves the film's picture")
    return found
