"""AAF: what pyaaf2 and OpenTimelineIO's adapter read of it."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import aaf2
import opentimelineio as otio
import pytest
from export_plans import SAMPLE_RATE, cuts, events_of, full_plans, make_plan, media_of, timecodes, with_layers
from hypothesis import given, settings

from trailergen.__main__ import main
from trailergen.plans import Plan, dump_plan, parse_plan
from trailergen.timeline.clock import film_clock
from trailergen.timeline.levels import music_levels
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.write.aaf import aaf_bytes
from trailergen.timeline.write.formats import timeline_bytes

WHOLE = {"lines": [(96_000, 12_000, 36_000), (10_000, 60_000, 72_000)], "cards": [(40, 60, "COMING\nSOON")]}


class Opened:
    """An AAF that was written, opened by pyaaf2."""

    def __init__(self, data: bytes, path: Path) -> None:
        path.write_bytes(data)
        self.file = aaf2.open(str(path))
        (self.composition,) = self.file.content.compositionmobs()
        self.masters = {mob.name: mob for mob in self.file.content.mastermobs()}

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def tracks(self, kind: str) -> list[Any]:
        return [slot for slot in self.composition.slots if slot.media_kind == kind]


def clips(slot: Any) -> list[tuple[int, int, int, Any, float | None]]:
    """Record, source, length, source clip, and constant gain of what lies in a slot."""
    found, at = [], 0
    for component in slot.segment.components:
        gain = None
        clip = component
        if isinstance(component, aaf2.components.OperationGroup):
            (clip,) = component.segments
            (parameter,) = component.parameters
            gain = float(parameter.value) if isinstance(parameter, aaf2.misc.ConstantValue) else None
        if isinstance(clip, aaf2.components.SourceClip):
            found.append((at, clip.start, clip.length, clip, gain))
        at += component.length
    assert at == slot.segment.length
    return found


def tape_timecode(clip: Any) -> Any:
    """The timecode of the tape that a clip comes from in the end."""
    mobs = [segment.mob for segment in clip.walk() if segment.mob]
    return next(slot.segment for mob in mobs for slot in mob.slots if slot.media_kind == "Timecode")


@settings(max_examples=3)  # a second each
@given(plan=full_plans())
def test_pyaaf2_reads_the_same_frames_in_the_tape_s_timecode(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan
) -> None:
    events = events_of(plan)
    with Opened(aaf_bytes(events), tmp_path_factory.mktemp("aaf") / "t.aaf") as opened:
        assert len(list(opened.file.content.mastermobs())) == 2
        (picture,) = opened.tracks("Picture")
        assert Fraction(str(picture.edit_rate)) == plan.film.rate
        found = [(source, source + length, at, at + length) for at, source, length, _, _ in clips(picture)]
        assert found == cuts(plan)
        clock = film_clock(plan.film)
        master = opened.masters[plan.film.path.rpartition("/")[2]]
        for *_, clip, _ in clips(picture):
            assert clip.mob.mob_id == master.mob_id
        code = tape_timecode(clips(picture)[0][3])
        assert (code.start, code.drop, code.fps) == (clock.start, clock.drop, -(-plan.film.rate // 1))
        music = opened.tracks("Sound")[0]
        assert int(Fraction(str(music.edit_rate))) == SAMPLE_RATE
        ((at, source, length, _, _),) = clips(music)
        assert (at, source) == (0, plan.music.part.start) and length <= len(plan.music.part)
        markers = opened.tracks("DescriptiveMetadata")[0].segment.components
        assert len(list(markers)) == len(plan.positions) + len(plan.cards) + (plan.music.fade_out > 0) + sum(
            bool(line.framed(events.clock, plan.film.frames)) for line in events.lines
        )


@pytest.mark.parametrize("rate", ["24/1", "24000/1001", "25/1", "30000/1001"])
def test_opentimelineio_s_adapter_reads_them_too(rate: str, tmp_path: Path) -> None:
    for number, timecode in enumerate(timecodes(rate)):
        plan = with_layers(make_plan([48, 30, 20], rate=rate, timecode=timecode), **WHOLE, film="low")
        path = tmp_path / f"{number}.aaf"
        path.write_bytes(timeline_bytes(plan, media_of(plan), "t", "aaf"))
        timeline = otio.adapters.read_from_file(str(path))
        (film,) = timeline.video_tracks()
        start = film_clock(plan.film).start
        found = []
        for clip in film:
            source, record = clip.source_range, clip.range_in_parent()
            first, at = round(source.start_time.value) - start, round(record.start_time.value)
            found.append((first, first + round(source.duration.value), at, at + round(record.duration.value)))
            assert clip.media_reference.target_url == events_of(plan).film_url
        assert found == cuts(plan)
        whole = otio.adapters.read_from_file(str(path), attach_markers=False, simplify=False)
        tracks = whole.find_children(descended_from_type=otio.schema.Track)
        names = [marker.name.partition(" ")[0] for track in tracks for marker in track.markers]
        assert names == ["p000", "l0:", "l1:", "title:", "p001", "p002"]


def test_levels_are_factors_and_lines_lie_at_their_samples(tmp_path: Path) -> None:
    plan = with_layers(make_plan([48, 48], fade=11_025), **WHOLE, film="low", gain=6.0)
    events = events_of(plan)
    with Opened(aaf_bytes(events), tmp_path / "t.aaf") as opened:
        sounds = {slot.name: slot for slot in opened.tracks("Sound")}
        lines = clips(sounds["Lines"])
        assert [(at, source, length) for at, source, length, _, _ in lines] == [
            (12_000, 96_000, 24_000),
            (60_000, 10_000, 12_000),
        ]
        assert [gain for *_, gain in lines] == [pytest.approx(10 ** (6 / 20), rel=1e-5)] * 2
        (group,) = sounds["Music"].segment.components
        (curve,) = group.parameters
        points = [(float(point["Time"].value), point.value) for point in curve["PointList"]]
        levels = 10 ** (music_levels(events, 96) / 20)
        for time, value in points:
            assert value == pytest.approx(levels[round(time * points_frames(points, 96)) - 1], abs=2e-3)
        assert points[-1][1] < 1e-3


def points_frames(points: list[tuple[float, float]], frames: int) -> int:
    """Frames of the clip, the last keyframe being at its end."""
    assert points[-1][0] == 1
    return frames


def with_joins(plan: Plan, joins: list[tuple[str, int, int, int]]) -> Plan:
    """The plan with transitions: kind, position they lead into, record in and out."""
    data = json.loads(dump_plan(plan))
    data["transitions"] = [
        {"kind": kind, "position": data["positions"][at]["id"], "record": {"in": start, "out": end}}
        for kind, at, start, end in joins
    ]
    return parse_plan(json.dumps(data))


def laid_out(slot: Any) -> list[tuple[str, int, int, int]]:
    """What lies in a track with transitions: its kind, first record frame, length, and first source frame or cut."""
    found, at = [], 0
    for each in slot.segment.components:
        name = type(each).__name__
        at -= each.length if name == "Transition" else 0
        found.append((name, at, each.length, getattr(each, "start", None) or getattr(each, "cutpoint", None) or 0))
        at += 0 if name == "Transition" else each.length
    assert at == slot.segment.length
    return found


def test_dissolves_and_dips_are_transitions_with_their_handles(tmp_path: Path) -> None:
    plan = make_plan([40, 50, 60, 30], shot_frames=200, order=[1, 3, 0, 2])
    first, second, third, last = (position.source.start for position in plan.positions)
    plan = with_joins(plan, [("dissolve", 1, 34, 47), ("dip", 2, 82, 98), ("dip", 3, 148, 152)])
    with Opened(aaf_bytes(events_of(plan)), tmp_path / "t.aaf") as opened:
        (picture,) = opened.tracks("Picture")
        assert laid_out(picture) == [
            ("SourceClip", 0, 47, first),
            ("Transition", 34, 13, 6),
            ("SourceClip", 34, 55, second - 6),
            ("Transition", 83, 6, 6),
            ("Filler", 83, 14, 0),
            ("Transition", 91, 6, 0),
            # A dip of four frames has none to fade in.
            ("SourceClip", 91, 59, third + 1),
            ("SourceClip", 150, 30, last),
        ]
        transition = next(iter(part for part in picture.segment.components if part.length == 13))
        group = transition["OperationGroup"].value
        assert group.operation.name == "VideoDissolve_2" and group.length == 13
        (curve,) = group.parameters
        (start, dark), (end, bright) = [(point.time, point.value) for point in curve["PointList"]]
        shares = [(frame / 12 - float(start)) / (float(end) - float(start)) for frame in range(13)]
        assert (dark, bright) == (0, 100) and shares == [pytest.approx((frame + 1) / 14) for frame in range(13)]
        said = [marker["Comment"].value for marker in opened.tracks("DescriptiveMetadata")[0].segment.components]
        assert "4 frames of dip into it" in said[3]


def test_a_dip_into_the_last_clip_is_read_again(tmp_path: Path) -> None:
    plan = with_joins(make_plan([40, 50, 60]), [("dip", 1, 30, 50), ("dip", 2, 80, 100)])
    path = tmp_path / "t.aaf"
    path.write_bytes(aaf_bytes(events_of(plan)))
    assert [join.kind for join in read_cut(path, plan.film).joins] == ["dip", "dip"]


def test_transitions_of_other_kinds_and_fades_to_black_are_no_dissolves(tmp_path: Path) -> None:
    plan = with_joins(make_plan([40, 50, 60]), [("dissolve", 1, 34, 46), ("dip", 2, 80, 100)])
    path = tmp_path / "t.aaf"
    for name, length in (("SMPTE Video Wipe", 18), ("VideoDissolve_2", 20)):
        path.write_bytes(aaf_bytes(events_of(plan)))
        with aaf2.open(str(path), "rw") as file:
            file.dictionary.lookup_operationdef("VideoDissolve_2").name = name
            (composition,) = file.content.compositionmobs()
            (picture,) = (slot for slot in composition.slots if slot.media_kind == "Picture")
            for part in picture.segment.components:
                if isinstance(part, aaf2.components.Filler):
                    part.length = length
        cut = read_cut(path, plan.film)
        kinds = [join.kind for join in cut.joins]
        assert kinds == (["dissolve"] if length == 20 else [])
        assert cut.remarks == (("2" if length == 20 else "3") + " transitions become cuts",)


def test_the_same_trailer_is_the_same_file_and_the_film_the_same_mob(tmp_path: Path) -> None:
    plan = with_layers(make_plan([48, 48]), **WHOLE)
    assert aaf_bytes(events_of(plan)) == aaf_bytes(events_of(plan))
    other = make_plan([20, 48])
    identities = []
    for number, each in enumerate((plan, other)):
        with Opened(aaf_bytes(events_of(each)), tmp_path / f"{number}.aaf") as opened:
            identities.append((opened.masters["a film.mkv"].mob_id, opened.composition.mob_id))
    assert identities[0][0] == identities[1][0] and identities[0][1] != identities[1][1]


def test_titles_are_markers_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.plan.json"
    path.write_text(dump_plan(with_layers(make_plan([48, 48]), **WHOLE)))
    assert main(["export", str(path), "--to", "aaf", "--record-start", "10:00:00:00"]) == 0
    assert "an AAF has no titles: 1 of them are markers over the clips" in capsys.readouterr().err
    with aaf2.open(str(tmp_path / "a.aaf")) as file:
        (composition,) = file.content.compositionmobs()
        slots = {slot.media_kind: slot.segment for slot in composition.slots}
        assert slots["Timecode"].start == 10 * 3600 * 24
        said = [marker["Comment"].value for marker in slots["DescriptiveMetadata"].components]
        assert "title: COMING / SOON" in said
    assert io.BytesIO((tmp_path / "a.aaf").read_bytes()).read(4) == b"\xd0\xcf\x11\xe0"
