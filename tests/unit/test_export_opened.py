"""Faults that only showed when exports were opened in editors: read here as those programs read."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from xml.dom import minidom
from xml.etree import ElementTree

import opentimelineio as otio
import pytest
from export_plans import RATES, cuts, events_of, full_plans, make_plan, media_of, with_layers
from hypothesis import given, settings

from trailergen.__main__ import main
from trailergen.errors import UsageError
from trailergen.plans import Plan, dump_plan
from trailergen.timeline.write.edl import edl_text
from trailergen.timeline.write.fcp7 import fcp7_text
from trailergen.timeline.write.formats import FORMATS, timeline_text
from trailergen.timeline.write.otio import otio_text

# OpenShot's pattern of an event: it is searched for in every line, comments as well.
LOOSE = re.compile(r"(\d{3})[ ]+(.+?)[ ]+(.+?)[ ]+(.+?)[ ]+(.*)[ ]+(.*)[ ]+(.*)[ ]+(.*)")
WHOLE = {"lines": [(96_000, 12_000, 36_000), (10_000, 60_000, 72_000)], "cards": [(40, 60, "COMING\nSOON")]}


@pytest.mark.parametrize("rate", [*RATES, "30/1"])
def test_otio_s_duration_is_the_picture_s_at_the_film_s_rate(rate: str) -> None:
    for frames in range(20, 420, 3):
        plan = make_plan([frames], rate=rate, shot_frames=500)
        samples = round(frames / Fraction(rate) * 48_000)
        plan = with_layers(plan, lines=[(0, samples - 5000, samples)])
        for length in (None, Fraction(1000)):
            sound = {} if length is None else {"length": length}
            timeline = otio.adapters.read_from_string(otio_text(events_of(plan, **sound)), "otio_json")
            assert timeline.duration() == otio.opentime.RationalTime(frames, float(Fraction(rate)))
            assert timeline.duration().rate == float(Fraction(rate))


@settings(max_examples=30)
@given(full_plans())
def test_openshot_finds_all_clips_of_fcp7(plan: Plan) -> None:
    document = minidom.parseString(fcp7_text(events_of(plan)))
    found = []
    for track in document.getElementsByTagName("track"):
        # Asked of every track, and taken for granted.
        assert track.getElementsByTagName("locked")[0].childNodes[0].nodeValue == "FALSE"
        assert track.getElementsByTagName("enabled")[0].childNodes[0].nodeValue == "TRUE"
        for clip in track.getElementsByTagName("clipitem"):
            if clip.getElementsByTagName("pathurl"):
                values = [
                    int(clip.getElementsByTagName(tag)[0].childNodes[0].nodeValue)
                    for tag in ("in", "out", "start", "end")
                ]
                found.append((clip.getElementsByTagName("pathurl")[0].childNodes[0].nodeValue, *values))
    film, music = events_of(plan).film_url, events_of(plan).music.url
    heard = [place for url, *place in found if url == film]
    assert [tuple(place) for place in heard[: len(plan.positions)]] == cuts(plan)
    assert [url for url, *_ in found].count(music) == 1  # once, however many channels it has


@settings(max_examples=30)
@given(full_plans())
def test_no_file_of_fcp7_is_described_twice(plan: Plan) -> None:
    """Resolve drops clips whose file has an id that was described before."""
    files = list(ElementTree.fromstring(fcp7_text(events_of(plan))).iter("file"))
    described = [file.get("id") for file in files if len(file)]
    assert len(set(described)) == len(described)
    seen: set[str | None] = set()
    for file in files:
        assert len(file) or file.get("id") in seen
        seen.add(file.get("id"))


@settings(max_examples=100)
@given(full_plans())
def test_a_loose_parser_takes_no_comment_of_an_edl_for_an_event(plan: Plan) -> None:
    noted = [
        position.model_copy(update={"notes": ["runs on into shot 123 of a film with many words in each of its notes"]})
        for position in plan.positions
    ]
    plan = plan.model_copy(update={"positions": noted})
    for line in edl_text(events_of(plan)).split("\n"):
        if line.startswith("*"):
            assert len(line) <= 80 and not LOOSE.search(line), line


def test_long_texts_of_an_edl_are_wrapped_and_whole() -> None:
    plan = make_plan([24, 24])
    note = "was 123 seen by an editor of this film who said all of it in more words than any line of a list can hold"
    positions = [plan.positions[0].model_copy(update={"notes": [note]}), plan.positions[1]]
    plan = plan.model_copy(update={"positions": positions})
    lines = timeline_text(plan, media_of(plan), "t", "edl").split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("* LOC: "))
    last = next(number for number, line in enumerate(lines) if number > first and not line.startswith("*   "))
    said = " ".join(line.removeprefix("*").strip() for line in lines[first:last])
    assert said == f"LOC: 01:00:00:00 YELLOW  p000 shot 0: confidence 0.5; round 1; {note}"


def test_an_edl_says_where_the_files_lie() -> None:
    lines = edl_text(events_of(make_plan([24, 24]))).split("\n")
    assert lines.count("* SOURCE FILE: /films of mine/a film.mkv") == 2
    assert lines.count("* SOURCE FILE: /music/the track.wav") == 1
    far = make_plan([24], name="a/" * 40 + "film.mkv")
    assert not any(line.startswith("* SOURCE FILE: /films") for line in edl_text(events_of(far)).split("\n"))


@pytest.mark.parametrize(
    ("timecode", "start", "first"),
    [
        (None, None, "01:00:00:00"),
        ("01:00:00;00", None, "01:00:00;00"),
        (None, "10:00:00:00", "10:00:00:00"),
        ("01:00:00;00", "00:59:58:00", "00:59:58;00"),
    ],
)
def test_an_edl_s_trailer_begins_at_an_hour(timecode: str | None, start: str | None, first: str) -> None:
    plan = make_plan([30, 60], rate="30000/1001", timecode=timecode)
    text = timeline_text(plan, media_of(plan), "t", "edl", start)
    assert f" {first} " in text.split("\n")[2]
    assert f"* LOC: {first} " in text


def test_a_start_of_the_record_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = make_plan([24])
    for start in ("1h", "01:00:00:24", "01:00:00;00"):
        with pytest.raises(UsageError, match="cannot begin"):
            timeline_text(plan, media_of(plan), "t", "edl", start)
    path = tmp_path / "a.plan.json"
    path.write_text(dump_plan(plan))
    for form in FORMATS:
        known = FORMATS[form].record_start is not None
        assert main(["export", str(path), "--to", form, "--record-start", "02:00:00:00"]) == (0 if known else 2)
    assert "--record-start" in capsys.readouterr().err
    assert "02:00:00:00" in (tmp_path / "a.edl").read_text()
