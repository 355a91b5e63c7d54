"""Plans to hand over, and what every format must say of them."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import opentimelineio as otio
from hypothesis import strategies as st
from test_plan import plan_json

from trailergen.plans import SAMPLE_RATE as SAMPLES
from trailergen.plans import Plan, dump_plan, parse_plan, sequence_samples
from trailergen.timebase import round_half_up
from trailergen.timeline.build import build_timeline
from trailergen.timeline.events import Timeline
from trailergen.timeline.media import Media, find_media
from trailergen.timeline.write.otio import otio_text

Cut = tuple[int, int, int, int]
"""Source in and out as film frames, record in and out."""

RATES = ("24/1", "24000/1001", "25/1", "30000/1001", "60000/1001")
NAMES = (
    "a film.mkv",
    'it\'s "quoted".mov',
    "R&D <cut>.mp4",
    "Ünïcödé 映画 🎬.mkv",
    "100% of #1?.mxf",
    "-dash; semi:colon.mov",
)
SAMPLE_RATE = 22050


def timecodes(rate: str) -> list[str | None]:
    """Start timecodes of a film at this rate, with the drop-frame ones where there are any."""
    drop = ["01:00:00;00", "00:59:59;28"] if Fraction(rate).denominator == 1001 and "24000" not in rate else []
    return [None, "00:00:00:00", "01:00:00:00", "10:11:12:13", *drop]


def make_plan(
    lengths: list[int],
    *,
    rate: str = "24/1",
    timecode: str | None = None,
    name: str = "a film.mkv",
    track: str = "the track.wav",
    music_from: int = 0,
    fade: int = 0,
    shot_frames: int = 100,
    order: list[int] | None = None,
    spare_shots: int = 0,
) -> Plan:
    """A plan with one clip per length from the shots in ``order``, and shots that stay unused after them."""
    data = plan_json(lengths, shot_frames)
    total, count = sum(lengths), len(lengths)
    for position, shot in zip(data["positions"], order or range(count), strict=True):
        start = shot * shot_frames + 1
        position.update(
            shot=shot, source={"in": start, "out": start + position["record"]["out"] - position["record"]["in"]}
        )
    for number in range(count, count + spare_shots):
        data["shots"].append({"number": number, "in": number * shot_frames, "out": (number + 1) * shot_frames})
    data["film"].update(
        path=f"/films of mine/{name}", rate=rate, start_timecode=timecode, frames=shot_frames * (count + spare_shots)
    )
    data["sequence"]["rate"] = rate
    samples = round_half_up(total / Fraction(rate) * SAMPLE_RATE)
    data["music"].update(
        path=f"/music/{track}",
        sample_rate=SAMPLE_RATE,
        part={"in": music_from, "out": music_from + samples},
        fade_out=min(fade, samples),
    )
    return parse_plan(json.dumps(data))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan of the standard rates."""
    rate = draw(st.sampled_from(RATES))
    lengths = draw(st.lists(st.integers(1, 98), min_size=1, max_size=12))
    return make_plan(
        lengths,
        rate=rate,
        timecode=draw(st.sampled_from(timecodes(rate))),
        name=draw(st.sampled_from(NAMES)),
        track=draw(st.sampled_from(NAMES)).rpartition(".")[0] + ".flac",
        music_from=draw(st.integers(0, 10**6)),
        fade=draw(st.sampled_from([0, 22050])),
        shot_frames=draw(st.sampled_from([100, 1801])),
        order=draw(st.permutations(range(len(lengths)))),
    )


def with_layers(
    plan: Plan,
    *,
    film: str = "lines",
    lines: list[tuple[int, int, int]] | None = None,
    cards: list[tuple[int, int, str]] | None = None,
    gain: float = 0.0,
    **sound: Any,
) -> Plan:
    """The plan with lines (source, record in and out, samples at 48 kHz) and cards (record in and out, text)."""
    data = json.loads(dump_plan(plan))
    data["sound"].update(film=film, **sound)
    data["cards"] = [{"text": text, "record": {"in": first, "out": last}} for first, last, text in cards or []]
    data["narration"] = {
        "narrator": "extractive",
        "lines": [
            {
                "id": f"l{number}",
                "text": f'Line <{number}> & "more"',
                "source": {"in": source, "out": source + last - first},
                "record": {"in": first, "out": last},
                "gain": gain,
                "position": plan.positions[0].id,
                "similarity": 0.25,
            }
            for number, (source, first, last) in enumerate(lines or [])
        ],
    }
    return parse_plan(json.dumps(data))


@st.composite
def full_plans(draw: st.DrawFn) -> Plan:
    """Any plan of the standard rates, with any lines, cards and film sound."""
    plan = draw(plans())
    end, film_end = sequence_samples(plan), math.floor(plan.film.frames / plan.film.rate * SAMPLES)
    edges = sorted(draw(st.sets(st.integers(0, end), max_size=8)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False)) if draw(st.booleans()) else list(pairwise(edges))
    lines = [(draw(st.integers(0, film_end - (last - first))), first, last) for first, last in pairs]
    marks = sorted(draw(st.sets(st.integers(0, plan.sequence.frames), max_size=6)))
    spans = list(zip(marks[::2], marks[1::2], strict=False)) if draw(st.booleans()) else list(pairwise(marks))
    name = plan.film.path.rpartition("/")[2]
    return with_layers(
        plan,
        film=draw(st.sampled_from(["none", "lines", "low", "full"])),
        lines=lines,
        # A title may be called as the film is, and often is.
        cards=[(first, last, draw(st.sampled_from(["COMING SOON", "Two\nlines", name]))) for first, last in spans],
        gain=draw(st.sampled_from([0.0, -3.5, 20.0])),
        ducking={
            "depth": draw(st.sampled_from([0.0, 12.0])),
            "attack": 0.2,
            "release": draw(st.sampled_from([0.01, 2.0])),
        },
    )


def cuts(plan: Plan) -> list[Cut]:
    """What a reader of any format must find."""
    return [(p.source.start, p.source.end, p.record.start, p.record.end) for p in plan.positions]


def media_of(plan: Plan, **changes: Any) -> Media:
    media = find_media(plan)
    return replace(media, sound=replace(media.sound, **changes))


def timeline_of(plan: Plan, **sound: Any) -> otio.schema.Timeline:
    return otio.adapters.read_from_string(otio_text(events_of(plan, **sound)), "otio_json")


def events_of(plan: Plan, **sound: Any) -> Timeline:
    return build_timeline(plan, media_of(plan, **sound), "the trailer")
