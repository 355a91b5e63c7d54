"""The contract: the plan file, its types and its validation.

``plan`` and ``make`` write it, ``render`` reads it, people edit it. docs/plan.md describes every field.

All film positions are *film frames*: frames of the film conformed to the constant ``film.rate``, counted
from its first picture. Frame ``g`` shows the picture nearest to ``g / rate`` seconds after the first one;
for a film of constant rate these are simply its frames. Trailer positions are *record frames*, counted
from zero at the same rate. Music positions are samples at ``music.sample_rate``; what is heard of the film, and where
in the trailer, are samples at 48 kHz. Ranges are half-open.
"""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from trailergen.errors import InputError, PlanError
from trailergen.timebase import format_fraction, parse_rate, round_half_up

SCHEMA = "trailergen.plan/1"
SAMPLE_RATE = 48_000
"""Samples a second of the trailer's sound."""
MAX_SIDE = 16384
"""Pixels of a trailer's width or height at most, as many as H.264 has."""


def _rate_from_text(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        try:
            return parse_rate(value)
        except (ValueError, ZeroDivisionError) as error:
            raise ValueError(f"not a rate: {value!r}, write it like 24000/1001") from error
    raise ValueError("a rate is a string like 24000/1001, never a float")


Rate = Annotated[
    Fraction,
    BeforeValidator(_rate_from_text),
    PlainSerializer(format_fraction, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(/[0-9]+)?$"}),
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    """Unknown fields are kept, so that a plan edited by a newer version or another tool survives."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Range(_Part):
    """Frames or samples ``[in, out)``."""

    start: int = Field(alias="in", ge=0)
    end: int = Field(alias="out", ge=0)

    @model_validator(mode="after")
    def _not_empty(self) -> Range:
        if self.end <= self.start:
            raise ValueError(f"empty range [{self.start}, {self.end})")
        return self

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Range) -> bool:
        """Whether the two ranges share a frame."""
        return self.start < other.end and other.start < self.end


def span(start: int, end: int) -> Range:
    """The range ``[start, end)``."""
    return Range.model_validate({"in": start, "out": end})


class Film(_Part):
    """The film a plan was made from. ``width`` and ``height`` are as shown: upright, square pixels."""

    path: str
    sha256: Sha256
    rate: Rate
    frames: int = Field(gt=0)
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    start_timecode: str | None = None


class Music(_Part):
    """The music, and the part of it under the trailer, in samples at ``sample_rate``.

    ``fade_out`` is the length of the closing fade in samples; 0 where the part ends musically.
    """

    path: str
    sha256: Sha256
    sample_rate: int = Field(gt=0)
    part: Range
    fade_out: int = Field(default=0, ge=0)


class Shot(Range):
    """A shot of the film, in film frames. ``flags`` say why it would be left out (see shots/flags.py)."""

    number: int = Field(ge=0)
    flags: list[str] = []


class Segment(Range):
    """A segment of the music, in samples from the start of the music file."""


class Alternative(_Part):
    """Another shot for a position, with the model's probability for it when the position was filled."""

    shot: int = Field(ge=0)
    probability: float = Field(ge=0.0)


class Position(_Part):
    """One place of the trailer and the clip that fills it.

    ``source`` has as many frames as ``record``. It lies in ``shot``; where no shot was long enough it runs
    on into the following ones, and ``notes`` say so. ``confidence`` is q of eq. 7, ``round`` the decoding
    round in which the shot was placed, counted from 1; 0 for one chosen by hand. ``rejected`` shots stood here and
    were re-rolled.
    """

    id: str = Field(min_length=1)
    shot: int = Field(ge=0)
    source: Range
    record: Range
    confidence: float = Field(ge=0.0)
    round: int = Field(ge=0)
    pinned: bool = False
    alternatives: list[Alternative] = []
    rejected: list[int] = []
    notes: list[str] = []


class Ban(_Part):
    """Film frames that must not appear, and who said so."""

    range: Range
    why: str


class Crop(_Part):
    """A part of the film's picture as shown, in its pixels from the upper left corner."""

    x: int = Field(ge=0)
    y: int = Field(ge=0)
    width: int = Field(gt=0)
    height: int = Field(gt=0)


class Sequence(_Part):
    """The trailer's own format: the film's rate, and an even picture size.

    ``crop`` is the part of the film's picture that is used, as without its letterbox bars; None for all of it.
    """

    rate: Rate
    frames: int = Field(gt=0)
    width: int = Field(gt=0, le=MAX_SIDE)
    height: int = Field(gt=0, le=MAX_SIDE)
    crop: Crop | None = None


class Card(_Part):
    """Text on black in place of the picture, while ``record`` (frames) lasts; the clips under it stay in the plan.

    ``kind`` is what it was asked for as; ``font`` the file of its font, None for the one trailergen brings.
    """

    text: str = Field(min_length=1)
    kind: Literal["title", "end", "card"] = "card"
    record: Range
    font: str | None = None


class Ducking(_Part):
    """How far the music falls under a line, in dB, and the seconds it takes to fall and to come back."""

    depth: float = Field(default=12.0, ge=0, le=60)
    attack: float = Field(default=0.2, ge=0.01, le=5)
    release: float = Field(default=0.5, ge=0.01, le=5)


class Sound(_Part):
    """How the trailer sounds. ``loudness`` in LUFS; None leaves the music as loud as it is.

    ``film`` is what is heard of the film beside the music: nothing, the lines of the narration, or also the clips' own
    sound, 15 dB less than it has (``low``) or as it is (``full``). ``track`` is the index of its stream in the
    film's file, None for the one ffmpeg holds for the best.
    """

    film: Literal["none", "lines", "low", "full"] = "none"
    track: int | None = Field(default=None, ge=0)
    loudness: float | None = Field(default=None, ge=-40, le=-5)
    ducking: Ducking = Ducking()


class Subtitles(_Part):
    """Where the words of the film stand: a file of their own, or stream ``stream`` of the film's."""

    path: str
    sha256: Sha256
    stream: int | None = Field(default=None, ge=0)


class Line(_Part):
    """Something said in the film and heard in the trailer.

    ``source`` are samples of the film's sound at 48 kHz, counted from its first picture, ``record`` samples of the
    trailer; both as many. ``gain`` in dB. ``cues`` are the numbers of its subtitles, from 0; ``position`` is the id of
    the position with which it begins, ``similarity`` that of the line and what the clip there is described by (eq. 13).
    """

    id: str = Field(min_length=1)
    text: str
    cues: list[int] = []
    source: Range
    record: Range
    gain: float = Field(default=0.0, ge=-60, le=60)
    position: str | None = None
    similarity: float | None = None


class Narration(_Part):
    """The lines of the trailer, in their order, who chose them, and what the clips were described by."""

    subtitles: Subtitles | None = None
    narrator: str = ""
    describer: str = ""
    lines: list[Line] = []
    notes: list[str] = []


class Provenance(_Part):
    """What made the plan: enough to make it again.

    ``licences`` are those the features came under, by their space; ``revisions`` the wishes of each later revision.
    """

    trailergen: str
    seed: int
    encoder: str
    decoder: str
    rounds: int
    settings: dict[str, Any] = {}
    versions: dict[str, str] = {}
    weights: dict[str, Sha256] = {}
    revisions: list[list[str]] = []
    licences: dict[str, str] = {}


class Plan(_Part):
    """A whole trailer, before a single frame of it is rendered."""

    schema_: Literal["trailergen.plan/1"] = Field(default="trailergen.plan/1", alias="schema")
    film: Film
    music: Music
    sequence: Sequence
    shots: list[Shot]
    segments: list[Segment]
    positions: list[Position] = Field(min_length=1)
    bans: list[Ban] = []
    relaxed: list[str] = []
    sound: Sound = Sound()
    narration: Narration | None = None
    cards: list[Card] = []
    provenance: Provenance


def read_plan(path: Path) -> Plan:
    """Read and check a plan file.

    Raises:
        InputError: the file cannot be read.
        PlanError: it is no plan, or breaks a rule; every violation is listed with its JSON path.
    """
    try:
        # Some editors put a byte order mark before the text.
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read the plan {path}", error.strerror) from error
    except UnicodeDecodeError as error:
        raise PlanError(f"{path} is not a plan", "it is not UTF-8 text", "save it as UTF-8") from error
    return parse_plan(text, str(path))


def parse_plan(text: str, name: str = "plan") -> Plan:
    """Parse and check plan JSON; ``name`` stands for it in messages. Raises PlanError."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{name} is not JSON", str(error)) from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise PlanError(
            f"{name} is not a plan this version reads",
            f"$.schema is {schema!r}, expected {SCHEMA!r}",
            "write a new one with `trailergen plan`, or install a newer trailergen",
        )
    try:
        plan = Plan.model_validate(data)
    except ValidationError as error:
        problems = [f"{_json_path(e['loc'])}: {e['msg']}" for e in error.errors()]
        raise PlanError(f"{name} is not a valid plan", "\n       ".join(problems)) from error
    problems = violations(plan)
    if problems:
        raise PlanError(f"{name} is not a valid plan", "\n       ".join(problems))
    return plan


def dump_plan(plan: Plan) -> str:
    """The plan as JSON text: stable field order, one final newline."""
    return json.dumps(plan.model_dump(mode="json", by_alias=True), indent=1, ensure_ascii=False) + "\n"


def json_schema() -> str:
    """The plan's JSON Schema as text: the types of all fields, not the rules between them (``violations``)."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Plan.model_json_schema(by_alias=True)}
    return json.dumps(schema, indent=1) + "\n"


def violations(plan: Plan) -> list[str]:
    """Everything in the plan that could not be rendered, each line with its JSON path.

    Checked: record ranges start at 0, follow each other without gap or overlap and fill the sequence; the
    music part is as long as the sequence to within a frame; source ranges lie in the film, are as long as
    their records, start in the named shot, and keep out of the bans; no shot and no position id is used
    twice; every position has a segment; shot numbers are their indices and shots follow each other; cards and lines lie
    in the trailer and do not overlap; lines lie in the film and are as long as their records.
    """
    return [
        *_shot_violations(plan),
        *_position_violations(plan),
        *_music_violations(plan),
        *_line_violations(plan),
        *_picture_violations(plan),
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
    return found


def sequence_samples(plan: Plan) -> int:
    """The trailer's length in samples at 48 kHz."""
    return round_half_up(plan.sequence.frames / plan.sequence.rate * SAMPLE_RATE)


def closing_frames(plan: Plan) -> int:
    """Frames over which the music fades at the end, and with it the picture."""
    return round_half_up(Fraction(plan.music.fade_out, plan.music.sample_rate) * plan.sequence.rate)


def shots_in(plan: Plan, source: Range) -> list[int]:
    """Numbers of the shots that a source range touches."""
    return [shot.number for shot in plan.shots if shot.overlaps(source)]


def _json_path(location: tuple[int | str, ...]) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
