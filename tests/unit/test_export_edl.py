from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from fractions import Fraction

import opentimelineio as otio
import pycmx
import pytest
from export_plans import NAMES, RATES, Cut, cuts, events_of, make_plan, plans
from hypothesis import given, settings

from trailergen.errors import UsageError
from trailergen.plans import Plan, dump_plan, parse_plan
from trailergen.timeline.clock import film_clock
from trailergen.timeline.write.edl import edl_text

EVENT = re.compile(
    r"(\d{3})  ([A-Z0-9_]{1,8}) *  ?(V|A|AA|A3|A4) +C {8}" + " ".join([r"(\d\d:[0-5]\d:[0-5]\d[:;]\d\d)"] * 4) + r"\Z"
)


def count(label: str, rate: Fraction) -> int:
    """Frames of a timecode, by walking the minutes: written apart from trailergen.timebase on purpose."""
    hours, minutes, seconds, frames = (int(part) for part in re.split("[:;]", label))
    base = {23.976: 24, 29.97: 30, 59.94: 60}.get(round(float(rate), 3), round(float(rate)))
    assert frames < base
    total = (hours * 3600 + minutes * 60 + seconds) * base + frames
    if ";" in label:
        dropped = {30: 2, 60: 4}[base]
        assert not (seconds == 0 and frames < dropped and minutes % 10), f"{label} does not exist"
        total -= sum(dropped for minute in range(1, hours * 60 + minutes + 1) if minute % 10)
    return total


def parse_strictly(text: str, rate: Fraction) -> list[tuple[str, str, Cut]]:
    """Reel, channels and frames of every event; anything that is not CMX 3600 fails."""
    lines = text.split("\n")
    assert lines[0].startswith("TITLE: ") and lines[-1] == ""
    drop = {"FCM: DROP FRAME": True, "FCM: NON-DROP FRAME": False}[lines[1]]
    found = []
    for line in lines[2:-1]:
        if line.startswith("* "):
            continue
        match = EVENT.match(line)
        assert match, line
        number, reel, channels, *labels = match.groups()
        assert int(number) == len(found) + 1
        assert all((";" in label) == drop for label in labels)
        source_in, source_out, record_in, record_out = (count(label, rate) for label in labels)
        assert source_out - source_in == record_out - record_in > 0
        found.append((reel, channels, (source_in, source_out, record_in, record_out)))
    return found


@given(plans())
def test_a_strict_parser_finds_the_same_frames(plan: Plan) -> None:
    *film, music = parse_strictly(edl_text(events_of(plan)), plan.film.rate)
    start = film_clock(plan.film).start
    assert [(a - start, b - start, c, d) for _, _, (a, b, c, d) in film] == cuts(plan)
    assert {channels for _, channels, _ in film} == {"V"}
    assert {reel for reel, _, _ in film} != {music[0]}
    wanted = plan.music.part.start / Fraction(plan.music.sample_rate) * plan.film.rate
    assert abs(music[2][0] - wanted) <= Fraction(1, 2)
    assert music[1] == "AA" and music[2][2] == 0 and abs(music[2][3] - plan.sequence.frames) <= 1


@settings(max_examples=15)  # its parser is slow
@given(plans())
def test_pycmx_finds_the_same_frames(plan: Plan) -> None:
    parsed = pycmx.parse_cmx3600(io.StringIO(edl_text(events_of(plan))))
    edits = [event.edits[0] for event in parsed.events]
    assert list(parsed.unrecognized_statements) == []
    start, rate = film_clock(plan.film).start, plan.film.rate
    found = []
    for edit in edits[:-1]:
        a, b, c, d = (count(t, rate) for t in (edit.source_in, edit.source_out, edit.record_in, edit.record_out))
        found.append((a - start, b - start, c, d))
        assert edit.channels.video and not edit.channels.audio
        assert edit.clip_name == plan.film.path.rpartition("/")[2]
    assert found == cuts(plan)
    assert edits[-1].channels.a1 and edits[-1].channels.a2


@given(plans())
def test_opentimelineio_finds_the_same_frames(plan: Plan) -> None:
    clock = film_clock(plan.film)
    text = edl_text(events_of(plan))
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(plan.film.rate))
    film = next(track for track in timeline.tracks if track.kind == otio.schema.TrackKind.Video)
    found = []
    for clip in film:
        source, record = clip.source_range, clip.range_in_parent()
        first, at = round(source.start_time.value) - clock.start, round(record.start_time.value)
        found.append((first, first + round(source.duration.value), at, at + round(record.duration.value)))
    assert found == cuts(plan)


@pytest.mark.parametrize(
    ("timecode", "labels"),
    [
        (None, "00:00:00:01 00:01:00:01 00:00:00:00 00:01:00:00"),
        ("01:00:00:00", "01:00:00:01 01:01:00:01 00:00:00:00 00:01:00:00"),
        ("01:00:00;00", "01:00:00;01 01:01:00;03 00:00:00;00 00:01:00;02"),
    ],
)
def test_labels_drop_where_the_film_s_do(timecode: str | None, labels: str) -> None:
    text = edl_text(events_of(make_plan([1800], rate="30000/1001", timecode=timecode, shot_frames=1802)))
    assert text.split("\n")[2] == f"001  AFILM    V     C        {labels}"


def test_the_whole_text() -> None:
    plan = make_plan([24, 48], timecode="01:00:00:00", fade=22050)
    assert edl_text(events_of(plan, channels=1)) == (
        "TITLE: the trailer\n"
        "FCM: NON-DROP FRAME\n"
        "001  AFILM    V     C        01:00:00:01 01:00:01:01 00:00:00:00 00:00:01:00\n"
        "* FROM CLIP NAME: a film.mkv\n"
        "* SOURCE FILE: /films of mine/a film.mkv\n"
        "* LOC: 00:00:00:00 BLUE    p000 shot 0: confidence 0.5; round 1\n"
        "002  AFILM    V     C        01:00:04:05 01:00:06:05 00:00:01:00 00:00:03:00\n"
        "* FROM CLIP NAME: a film.mkv\n"
        "* SOURCE FILE: /films of mine/a film.mkv\n"
        "* LOC: 00:00:01:00 BLUE    p001 shot 1: confidence 0.5; round 1\n"
        "003  THETRACK A     C        00:00:00:00 00:00:03:00 00:00:00:00 00:00:03:00\n"
        "* FROM CLIP NAME: the track.wav\n"
        "* SOURCE FILE: /music/the track.wav\n"
        "* FADES OUT OVER 24 FRAMES\n"
    )


def test_alternatives_are_comments() -> None:
    data = json.loads(dump_plan(make_plan([10, 20], spare_shots=1)))
    data["positions"][0]["alternatives"] = [{"shot": 2, "probability": 0.1}]
    lines = edl_text(events_of(parse_plan(json.dumps(data)))).split("\n")
    assert "* ALTERNATIVE 1: SHOT 2 FROM 00:00:10:05 TO 00:00:10:15" in lines


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rate", RATES)
def test_reels_differ_whatever_the_names_are(name: str, rate: str) -> None:
    plan = make_plan([10, 20], rate=rate, name=name, track=name.rpartition(".")[0] + ".wav")
    first, *_, last = parse_strictly(edl_text(events_of(plan)), plan.film.rate)
    assert first[0] != last[0]


def test_more_clips_than_an_edl_can_number() -> None:
    events = events_of(make_plan([1], shot_frames=3))
    assert "\n999  THETRACK " in edl_text(replace(events, film=events.film * 998))
    with pytest.raises(UsageError, match="999 events"):
        edl_text(replace(events, film=events.film * 999))
