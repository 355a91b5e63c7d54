"""The storyboard's words about lines, titles and the mix, as text ready to be shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trailergen.audio.ducking import music_levels
from trailergen.audio.measured import Measured, why_missed
from trailergen.plans import SAMPLE_RATE, Card, Plan, Position, Range, Sound, sequence_samples
from trailergen.report.timeline import Place, clock, film_timecode, place

_KINDS = {"title": "title", "end": "end card", "card": "card"}
_CLIPS_LOW, _CLIPS_FULL = "the clips' own sound at \N{MINUS SIGN}15 dB", "the clips' own sound"
_HEARD = {
    "none": "nothing",
    "lines": "its lines",
    "low": f"its lines, and {_CLIPS_LOW}",
    "full": f"its lines, and {_CLIPS_FULL}",
}


@dataclass(frozen=True)
class Said:
    """A line. ``at`` is where it begins in the trailer, ``seconds`` the same for a player; ``position`` the number of
    the position with which it begins."""

    number: int
    id: str
    text: str
    at: str
    seconds: str
    length: str
    timecode: str
    similarity: str | None
    gain: str | None
    position: int | None
    in_trailer: Place


@dataclass(frozen=True)
class Title:
    """A card, or a text over the picture."""

    text: str
    kind: str
    at: str
    length: str
    in_trailer: Place


@dataclass(frozen=True)
class Cover:
    """A title over a position, and how much of it lies under it; ``hides`` is False where the picture is seen."""

    text: str
    kind: str
    part: str
    hides: bool


def make_lines(plan: Plan) -> list[Said]:
    """The lines of a plan, heard or not."""
    numbers = {position.id: number for number, position in enumerate(plan.positions)}
    whole = sequence_samples(plan)
    return [
        Said(
            number=number,
            id=line.id,
            text=line.text,
            at=seconds_text(Fraction(line.record.start, SAMPLE_RATE)),
            seconds=f"{line.record.start / SAMPLE_RATE:.3f}",
            length=f"{len(line.record) / SAMPLE_RATE:.2f} s",
            timecode=film_timecode(plan, math.floor(line.source.start * plan.film.rate / SAMPLE_RATE)),
            similarity=None if line.similarity is None else f"{line.similarity:.2f}",
            gain=f"{line.gain:+.1f} dB".replace("-", "\N{MINUS SIGN}") if line.gain else None,
            position=None if line.position is None else numbers.get(line.position),
            in_trailer=place(line.record.start, line.record.end, whole),
        )
        for number, line in enumerate(plan.narration.lines if plan.narration else [])
    ]


def make_titles(plan: Plan) -> list[Title]:
    """The cards of a plan."""
    rate = plan.sequence.rate
    return [
        Title(
            text=card.label,
            kind=_kind(card),
            at=seconds_text(card.record.start / rate),
            length=f"{float(len(card.record) / rate):.2f} s",
            in_trailer=place(card.record.start, card.record.end, plan.sequence.frames),
        )
        for card in plan.cards
    ]


def covers(plan: Plan, position: Position) -> list[Cover]:
    """The titles over a position."""
    return [
        Cover(card.label, _kind(card), _part(plan, card, position.record), not card.over)
        for card in plan.cards
        if card.record.overlaps(position.record)
    ]


def sound_facts(plan: Plan, measured: Measured | None = None) -> list[str]:
    """The mix of the trailer in a few short lines; ``measured`` is None where it is not rendered."""
    sound, ducking = plan.sound, plan.sound.ducking
    loudness = "as loud as the music" if sound.loudness is None else f"{_minus(sound.loudness)} LUFS"
    loudness += ", with a limiter" if sound.limit else ""
    stream = "" if sound.track is None else f" (stream {sound.track})"
    facts = [loudness, *_measured(sound, measured), f"heard of the film{stream}: {_heard(plan)}"]
    if music_levels(plan):
        depth = _minus(-ducking.depth)
        facts.append(f"music at {depth} dB under lines, {ducking.attack:g} s to fall, {ducking.release:g} s to return")
    return facts


def _measured(sound: Sound, found: Measured | None) -> Iterator[str]:
    """The loudness of the trailer's file, and why it is not the one that was asked for."""
    if found is None:
        return
    if math.isinf(found.loudness):
        yield "measured: silence"
        return
    levels = (f"{level:.1f}".replace("-", "\N{MINUS SIGN}") for level in (found.loudness, found.peak))
    told = "measured: {} LUFS, true peak {} dBTP".format(*levels)
    why = why_missed(sound, found)
    yield told if why is None else f"{told}, softer than asked for: {why}"


def _heard(plan: Plan) -> str:
    """The film's sounds that are heard; of lines only where there are some."""
    if plan.narration and plan.narration.lines:
        return _HEARD[plan.sound.film]
    return {"low": _CLIPS_LOW, "full": _CLIPS_FULL}.get(plan.sound.film, "nothing, there are no lines")


def narration_facts(plan: Plan) -> list[str]:
    """The narrator of the lines, their source, and the captioner of the clips."""
    narration = plan.narration
    if narration is None:
        return []
    count = len(narration.lines)
    facts = [f"{count} line" if count == 1 else f"{count} lines"]
    facts += [f"chosen by {narration.narrator}"] if narration.narrator else []
    facts += [f"clips captioned by {narration.captioner}"] if narration.captioner else []
    if subtitles := narration.subtitles:
        stream = "" if subtitles.stream is None else f", stream {subtitles.stream}"
        facts.append(f"from {Path(subtitles.path).name}{stream}")
        if subtitles.transcript not in (None, "file"):
            facts.append(f"heard by {Path(subtitles.transcript).name}")
    return facts


def ducked(plan: Plan, peaks: NDArray[np.float32]) -> NDArray[np.float32]:
    """The music's outline, (bins, 2), at the level at which it is heard."""
    points = music_levels(plan)
    if not points:
        return peaks
    middles = (np.arange(len(peaks)) + 0.5) * sequence_samples(plan) / len(peaks)
    levels = np.interp(middles, [at for at, _ in points], [level for _, level in points])
    return (peaks * 10 ** (levels[:, None] / 20)).astype(np.float32)


def seconds_text(time: Fraction) -> str:
    """A time as ``m:ss.t``, rounded to a tenth."""
    tenths = int(time * 10 + Fraction(1, 2))
    return f"{clock(Fraction(tenths, 10))}.{tenths % 10}"


def _kind(card: Card) -> str:
    return _KINDS[card.kind] + (" over the picture" if card.over else "")


def _part(plan: Plan, card: Card, record: Range) -> str:
    first, last = max(card.record.start, record.start), min(card.record.end, record.end)
    if (first, last) == (record.start, record.end):
        return "all of it"
    length = f"{float((last - first) / plan.sequence.rate):.2f} s"
    if first == record.start:
        return f"the first {length}"
    return f"the last {length}" if last == record.end else f"{length} in the middle"


def _minus(number: float) -> str:
    return f"{number:g}".replace("-", "\N{MINUS SIGN}")
