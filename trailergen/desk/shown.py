"""A plan as the page shows it: plain values ready for JSON, with no path of this machine among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from trailergen.audio.ducking import presence
from trailergen.audio.levels import CLIP_LEVELS
from trailergen.desk.files import logo_of, name_of
from trailergen.edit.revise.trim import room
from trailergen.plans import SAMPLE_RATE, Ban, Card, Crop, Plan, Position, closing_frames, shots_in, shown_part
from trailergen.report.reasons import strongest
from trailergen.report.timeline import film_timecode
from trailergen.settings.plan import Shape, show_range
from trailergen.style.styles import Style
from trailergen.style.terms import PAIR, POSITION

Plain = dict[str, Any]


def shown_film(
    plan: Plan, scenes: Sequence[int], cues: Sequence[tuple[float, float, str]], size: tuple[int, int]
) -> Plain:
    """What stays while a plan is changed: the film, its shots and its words.

    Args:
        plan: any state.
        scenes: the scene of each shot, none where they are not known.
        cues: (start, end, text) of subtitles, in seconds of the film.
        size: of the proxies.
    """
    film = plan.film
    readings = sorted({name for shot in plan.shots for name in shot.readings})
    return {
        "id": film.sha256[:12],
        "name": name_of(Path(film.path)),
        "rate": [film.rate.numerator, film.rate.denominator],
        "frames": film.frames,
        "shapes": list(get_args(Shape)),
        "proxy": list(size),
        "shots": [[shot.start, shot.end] for shot in plan.shots],
        "found": {
            shot.number: _found(shot.flags, shot.found_flags)
            for shot in plan.shots
            if _found(shot.flags, shot.found_flags)
        },
        "scenes": list(map(int, scenes)),
        "readings": {name: [shot.readings.get(name) for shot in plan.shots] for name in readings},
        "timecodes": [film_timecode(plan, shot.start) for shot in plan.shots],
        "cues": [list(cue) for cue in cues],
    }


def shown_plan(plan: Plan, before: Plan | None) -> Plain:
    """What a change may change; ``before`` is the state it came from, by which changes are marked."""
    sequence, music, sound = plan.sequence, plan.music, plan.sound
    old = {position.id: position for position in before.positions} if before else {}
    places = {position.id: at for at, position in enumerate(before.positions)} if before else {}
    style = Style.from_settings(plan.provenance.settings.get("style"))
    lines = plan.narration.lines if plan.narration else []
    return {
        "frames": sequence.frames,
        "width": sequence.width,
        "height": sequence.height,
        "shape": sequence.shape,
        "closing": closing_frames(plan),
        "music": {"id": music.sha256[:12], "name": name_of(Path(music.path))},
        "positions": [
            _position(plan, at, position, _changed(position, at, old, places))
            for at, position in enumerate(plan.positions)
        ],
        "cards": [
            {
                "text": card.text,
                "kind": card.kind,
                "in": card.record.start,
                "out": card.record.end,
                "over": card.over,
            }
            for card in plan.cards
        ],
        "look": _look(plan.cards),
        "lines": [
            {
                "text": line.text,
                "at": line.record.start / SAMPLE_RATE,
                "length": len(line.record) / SAMPLE_RATE,
                "film": line.source.start / SAMPLE_RATE,
            }
            for line in lines
        ],
        "sound": {
            "film": sound.film,
            "clips": CLIP_LEVELS.get(sound.film),
            "loudness": sound.loudness,
            "duck": sound.ducking.depth,
            "presence": [[at / SAMPLE_RATE, said] for at, said in presence(plan)],
        },
        "flags": {shot.number: shot.flags for shot in plan.shots if shot.flags},
        "transitions": _transitions(plan),
        "bans": [_ban(plan, ban) for ban in plan.bans],
        "style": {"name": style.name, "weights": {**dict.fromkeys((*POSITION, *PAIR), 0.0), **style.weights}},
        "relaxed": list(plan.relaxed),
        "seed": plan.provenance.seed,
    }


def rules() -> dict[str, str]:
    """What each rule of a style asks for, by name."""
    return {name: term.why for name, term in {**POSITION, **PAIR}.items()}


def _view(plan: Plan, position: Position) -> list[list[float]] | None:
    """Parts of the picture of proxies that a clip's first and last frame show: x, y, width and height as shares."""
    if position.view is None:
        return None
    whole = plan.sequence.crop or Crop(x=0, y=0, width=plan.film.width, height=plan.film.height)
    return [
        [
            (part.x - whole.x) / whole.width,
            (part.y - whole.y) / whole.height,
            part.width / whole.width,
            part.height / whole.height,
        ]
        for share in (0, 1)
        if (part := shown_part(plan, position, Fraction(share)))
    ]


def _position(plan: Plan, at: int, position: Position, changed: str) -> Plain:
    allowed = room(plan, position)
    return {
        "id": position.id,
        "shot": position.shot,
        "source": [position.source.start, position.source.end],
        "record": [position.record.start, position.record.end],
        "room": [allowed.start, allowed.end],
        "timecode": film_timecode(plan, position.source.start),
        "confidence": round(position.confidence, 3),
        "round": position.round,
        "pinned": position.pinned,
        "alternatives": [
            {"shot": other.shot, "p": round(other.probability, 4)}
            for other in position.alternatives
            if other.shot < len(plan.shots)
        ],
        "notes": list(position.notes),
        "view": _view(plan, position),
        "reasons": strongest(position),
        "shots": shots_in(plan, position.source) if len(position.source) else [],
        "changed": changed,
    }


def _look(cards: Sequence[Card]) -> Plain | None:
    """The look of cards, that of the first one; ``over`` is None where all there is is the end card, which lies on its
    colour always. None where there are no cards."""
    if not cards:
        return None
    card, over = cards[0], [one.over for one in cards if one.kind != "end"]
    return {
        "size": card.size,
        "color": card.color,
        "background": card.background,
        "over": over[0] if over else None,
        "logo": logo_of(cards),
    }


def _transitions(plan: Plan) -> list[Plain]:
    """The dissolves and dips, each with the number of the position that begins at its cut."""
    numbers = {position.id: at for at, position in enumerate(plan.positions)}
    return [
        {"kind": each.kind, "at": numbers[each.position], "in": each.record.start, "out": each.record.end}
        for each in plan.transitions
    ]


def _ban(plan: Plan, ban: Ban) -> Plain:
    """A ban, and the text of ``--unban`` that lifts it."""
    start, end = ban.range.start, ban.range.end
    shot = next((shot.number for shot in plan.shots if (shot.start, shot.end) == (start, end)), None)
    times = show_range((start / plan.film.rate, end / plan.film.rate))
    lift = times if shot is None else f"shot:{shot}"
    return {"in": start, "out": end, "why": ban.why, "from": film_timecode(plan, start), "lift": lift}


def _changed(position: Position, at: int, old: Mapping[str, Position], places: Mapping[str, int]) -> str:
    """What became of a position: ``shot``, ``place``, ``part``, ``length`` or nothing."""
    if not old:
        return ""
    before = old.get(position.id)
    if before is None or before.shot != position.shot:
        return "shot"
    if places[position.id] != at:
        return "place"
    if len(before.record) != len(position.record):
        return "length"
    return "part" if before.source != position.source else ""


def _found(flags: Sequence[str], found: Sequence[str] | None) -> list[str]:
    return list(flags if found is None else found)
