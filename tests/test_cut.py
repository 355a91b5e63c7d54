"""An editor's cut is read from what editing programs write, and its holes are filled around it."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import opentimelineio as otio
import pytest
from export_plans import cuts, make_plan, media_of, plans, timecodes
from hypothesis import given, settings
from hypothesis import strategies as st
from test_revise import ANALYSIS, FILM, draft, filler
from test_revise import plan as composed

from trailergen.cut.events import Cut, CutClip
from trailergen.cut.fill import fill_cut
from trailergen.cut.read import read_cut
from trailergen.edit.compose import compose
from trailergen.errors import InputError, PlanError, UsageError
from trailergen.export.clock import film_clock
from trailergen.export.formats import SUFFIXES, timeline_text
from trailergen.plan import Ban, Plan, shots_in, span, violations
from trailergen.timebase import format_timecode, parse_timecode

FORMATS = [form for form in SUFFIXES if form != "fcpxml"]


def read(folder: Path, text: str, plan: Plan, suffix: str = ".edl") -> Cut:
    path = folder / f"cut{suffix}"
    path.write_text(text, encoding="utf-8")
    return read_cut(path, plan.film)


def edl(plan: Plan, keep: list[int], hour: int = 1) -> str:
    """The plan's events that are kept, on a timeline that begins at a full hour, under the film's name."""
    clock = film_clock(plan.film)
    lines = ["TITLE: MY CUT", f"FCM: {'DROP FRAME' if clock.drop else 'NON-DROP FRAME'}", ""]
    start = parse_timecode(f"0{hour}:00:00{';' if clock.drop else ':'}00", clock.rate)
    for number, index in enumerate(keep, 1):
        source, record = plan.positions[index].source, plan.positions[index].record
        times = [
            format_timecode(frame, clock.rate, clock.drop)
            for frame in (
                clock.start + source.start,
                clock.start + source.end,
                start + record.start,
                start + record.end,
            )
        ]
        lines += [f"{number:03d}  AX       V     C        {' '.join(times)}"]
        lines += [f"* FROM CLIP NAME: {Path(plan.film.path).name}", ""]
    return "\n".join(lines)


@settings(max_examples=40, deadline=None)
@given(plans(), st.sampled_from(FORMATS))
def test_what_is_exported_is_read_back(tmp_path_factory: pytest.TempPathFactory, plan: Plan, form: str) -> None:
    text = timeline_text(plan, media_of(plan), "the trailer", form)
    cut = read(tmp_path_factory.mktemp("cut"), text, plan, SUFFIXES[form])
    assert [(c.source.start, c.source.end, c.record.start, c.record.end) for c in cut.clips] == cuts(plan)
    assert cut.left_out == ()


@pytest.mark.parametrize("rate", ["24/1", "24000/1001", "25/1", "30000/1001"])
def test_a_timeline_that_begins_at_an_hour_keeps_its_first_hole(tmp_path: Path, rate: str) -> None:
    for timecode in timecodes(rate):
        plan = make_plan([30] * 15, rate=rate, timecode=timecode)
        keep = [index for index in range(15) if index not in (0, 4, 5, 11, 14)]
        cut = read(tmp_path, edl(plan, keep), plan)
        assert [(c.source, c.record) for c in cut.clips] == [
            (plan.positions[index].source, plan.positions[index].record) for index in keep
        ]


def test_a_human_cut_with_holes_comes_back_complete_its_own_clips_untouched(tmp_path: Path) -> None:
    asked = draft((20, 30, 24, 18, 40, 22, 26, 20, 12, 16, 20, 24, 18, 30, 20))
    plan = compose(asked, filler(0)(asked.constraints()), composed().provenance)
    holes = (1, 4, 5, 11, 14)
    cut = read(tmp_path, edl(plan, [index for index in range(15) if index not in holes]), plan)
    made = fill_cut(plan, asked, cut, filler(0))
    assert violations(made) == []
    assert [position.record for position in made.positions] == [position.record for position in plan.positions]
    for index, (old, new) in enumerate(zip(plan.positions, made.positions, strict=True)):
        if index in holes:
            assert new.shot != old.shot
            assert old.shot in new.rejected
            assert not new.pinned
        else:
            assert new == old.model_copy(update={"pinned": True})
    assert len({position.id for position in made.positions}) == 15


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_cut_stays_and_is_completed(data: st.DataObject) -> None:
    plan = composed(data.draw(st.integers(0, 3)))
    edges = sorted(data.draw(st.sets(st.integers(0, plan.sequence.frames), min_size=2, max_size=8)))
    clips = []
    for start, end in pairwise(edges):
        if data.draw(st.booleans()) and end - start < 60:
            first = data.draw(st.integers(0, ANALYSIS.frames - (end - start)))
            clips.append(CutClip(span(start, end), span(first, first + end - start)))
    if not clips:
        return
    try:
        made = fill_cut(plan, draft(), Cut(tuple(clips), ()), filler(1))
    except PlanError as error:
        assert "too few long shots" in error.what  # a hole may be longer than this film's shots
        return
    assert violations(made) == []
    shown = {(p.record.start, p.record.end): p for p in made.positions}
    for clip in clips:
        assert shown[clip.record.start, clip.record.end].source == clip.source
        assert shown[clip.record.start, clip.record.end].pinned
    # What the editor shows is shown nowhere else.
    theirs = {number for clip in clips for number in shots_in(plan, clip.source)}
    assert all(p.pinned or not theirs & set(shots_in(plan, p.source)) for p in made.positions)


def test_a_cut_may_show_a_shot_twice(tmp_path: Path) -> None:
    plan = composed()
    clips = (CutClip(span(0, 10), span(0, 10)), CutClip(span(30, 45), span(20, 35)))
    made = fill_cut(plan, draft(), Cut(clips, ()), filler(0))
    assert [position.shot for position in made.positions if position.pinned] == [0, 0]
    loose = [position.model_copy(update={"pinned": False}) for position in made.positions]
    assert violations(made.model_copy(update={"positions": loose}))


def test_a_cut_that_no_plan_can_be_is_refused() -> None:
    plan = composed()
    late = CutClip(span(plan.sequence.frames - 5, plan.sequence.frames + 5), span(0, 10))
    with pytest.raises(PlanError, match="longer than the plan's music"):
        fill_cut(plan, draft(), Cut((late,), ()), filler(0))
    banned = plan.model_copy(update={"bans": [Ban(range=span(0, 48), why="--ban 0-2")]})
    with pytest.raises(PlanError, match="cannot be a plan"):
        fill_cut(banned, draft(), Cut((CutClip(span(0, 10), span(0, 10)),), ()), filler(0))


def test_what_a_plan_cannot_hold_is_named(tmp_path: Path) -> None:
    plan = composed()
    text = """TITLE: x
FCM: NON-DROP FRAME

001  AX       V     C        00:00:02:00 00:00:03:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: FILM.MP4
002  AX       AA/V  C        00:00:04:00 00:00:05:00 01:00:01:00 01:00:02:00
M2   AX       048.0                00:00:04:00
* FROM CLIP NAME: film.mp4
003  LOGO     V     C        00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00
* FROM CLIP NAME: Logo final.mov
004  BL       V     C        00:00:00:00 00:00:01:00 01:00:03:00 01:00:04:00
005  AX       V     C        00:00:06:00 00:00:06:00 01:00:04:00 01:00:04:00
* FROM CLIP NAME: film.mp4
005  AX       V     D    012 00:00:08:00 00:00:09:00 01:00:04:00 01:00:05:00
M2   AX       024.0                00:00:08:00
* TO CLIP NAME: film.mp4
006  AX       A     C        00:00:08:00 00:00:09:00 01:00:04:00 01:00:05:00
007  AX       V     C        01:00:08:00 01:00:09:00 01:00:05:00 01:00:06:00
* FROM CLIP NAME: film.mp4
"""
    cut = read(tmp_path, text, plan)
    assert [(clip.record.start, clip.source.start) for clip in cut.clips] == [(0, 48), (96, 192)]
    assert [line.partition(" at ")[0] for line in cut.left_out] == ["film.mp4", "Logo final.mov", "film.mp4"]
    assert [word for word in ("speed", "not of the film", "does not have") if word in " ".join(cut.left_out)] == [
        "speed",
        "not of the film",
        "does not have",
    ]


def test_upper_tracks_cover_lower_ones_and_titles_do_not(tmp_path: Path) -> None:
    plan = composed()

    def clip(name: str, start: int, frames: int) -> otio.schema.Clip:
        where = otio.opentime.TimeRange(otio.opentime.RationalTime(start, 24), otio.opentime.RationalTime(frames, 24))
        media = otio.schema.ExternalReference(target_url=f"file:///elsewhere/{name}", available_range=None)
        return otio.schema.Clip(name=name, media_reference=media, source_range=where)

    def gap(frames: int) -> otio.schema.Gap:
        return otio.schema.Gap(duration=otio.opentime.RationalTime(frames, 24))

    timeline = otio.schema.Timeline()
    below, above = (otio.schema.Track(kind="Video") for _ in range(2))
    below.extend([clip("film.mp4", 100, 48), gap(12), clip("film.mov", 300, 24)])
    above.extend([clip("title.png", 0, 10), gap(10), clip("film.mp4", 10, 8)])
    timeline.tracks.extend([below, above])
    cut = read(tmp_path, timeline.to_json_string(), plan, ".otio")
    assert [(c.record.start, c.record.end, c.source.start) for c in cut.clips] == [
        (0, 20, 100),
        (20, 28, 10),
        (28, 48, 128),
        (60, 84, 300),
    ]
    assert len(cut.left_out) == 1


@pytest.mark.parametrize("written", ["00:00:59;28", "00:00:59:28"])
def test_drop_frame_is_told_by_the_list_or_by_the_labels(tmp_path: Path, written: str) -> None:
    plan = make_plan([30] * 3, rate="30000/1001", timecode="00:00:00;00", shot_frames=1801)
    text = f"FCM: DROP FRAME\n001  AX V C {written} 00:01:00;02 00:00:00;00 00:00:00;02\n"
    cut = read(tmp_path, text, plan)
    assert [(clip.source.start, clip.source.end) for clip in cut.clips] == [(1798, 1800)]


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".edl", ""),
        (".edl", "TITLE: nothing\n"),
        (".edl", "001  AX V C 00:00:99:00 00:01:99:00 00:00:00:00 00:00:01:00\n"),
        (".otio", "{"),
        (".otio", '{"OTIO_SCHEMA": "Clip.1"}'),
        (".xml", "<xmeml>"),
        (".xml", "not xml"),
    ],
)
def test_what_is_no_cut_is_an_input_error(tmp_path: Path, suffix: str, text: str) -> None:
    with pytest.raises(InputError):
        read(tmp_path, text, composed(), suffix)


def test_what_is_missing_or_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    for name in ("gone.edl", "gone.otio", "gone.xml"):
        with pytest.raises(InputError):
            read_cut(tmp_path / name, FILM)
    with pytest.raises(UsageError):
        read_cut(tmp_path / "cut.aaf", FILM)
    assert film_clock(FILM).rate == Fraction(24)
