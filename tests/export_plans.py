"""Plans to hand over, and what every format must say of them."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio
from hypothesis import strategies as st
from test_plan import plan_json

from trailergen.export.events import Events, read_events
from trailergen.export.media import Media, find_media
from trailergen.export.timeline import build_timeline
from trailergen.plan import Plan, parse_plan
from trailergen.timebase import round_half_up

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


def cuts(plan: Plan) -> list[Cut]:
    """What a reader of any format must find."""
    return [(p.source.start, p.source.end, p.record.start, p.record.end) for p in plan.positions]


def media_of(plan: Plan, **changes: Any) -> Media:
    media = find_media(plan)
    return replace(media, sound=replace(media.sound, **changes))


def timeline_of(plan: Plan, **sound: Any) -> otio.schema.Timeline:
    return build_timeline(plan, media_of(plan, **sound), "the trailer")


def events_of(plan: Plan, **sound: Any) -> Events:
    return read_events(timeline_of(plan, **sound))
