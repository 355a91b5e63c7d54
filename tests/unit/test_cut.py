"""An editor's cut is read from what editing programs write, and its holes are filled around it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import opentimelineio as otio
import pytest
from export_plans import cuts, full_plans, make_plan, media_of, plans, timecodes, with_layers
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_revise import ANALYSIS, FILM, draft, filler
from test_revise import plan as composed

from trailergen.edit.compose import compose
from trailergen.edit.revise.clips import revise_clips
from trailergen.edit.revise.holes import fill_cut, playable, stretches_of
from trailergen.edit.revise.request import Edits
from trailergen.errors import InputError, PlanError, UsageError
from trailergen.plans import Ban, Plan, shots_in, span, violations
from trailergen.timebase import format_timecode, parse_timecode
from trailergen.timeline.clock import film_clock
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.read.events import Cut, CutClip
from trailergen.timeline.write.formats import FORMATS, timeline_text

WHYS = ("become cuts", "speed", "not of the film", "not of the film", "does not have", "not of the film")
READABLE = [form for form in FORMATS if form != "aaf"]  # which has no titles: test_cut_projects.py


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


def beats(plan: Plan) -> list[int]:
    return [position.record.end for position in plan.positions[:-1]]


@settings(max_examples=40, deadline=None)
@given(plans(), st.sampled_from(READABLE))
def test_what_is_exported_is_read_back(tmp_path_factory: pytest.TempPathFactory, plan: Plan, form: str) -> None:
    text = timeline_text(plan, media_of(plan), "the trailer", form)
    cut = read(tmp_path_factory.mktemp("cut"), text, plan, FORMATS[form].suffix)
    assert [(c.source.start, c.source.end, c.record.start, c.record.end) for c in cut.clips] == cuts(plan)
    assert cut.remarks == ()


@settings(max_examples=150, deadline=None)
@given(full_plans(), st.sampled_from(READABLE))
def test_under_titles_and_beside_sound_the_clips_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan, form: str
) -> None:
    text = timeline_text(plan, media_of(plan), "the trailer", form)
    cut = read(tmp_path_factory.mktemp("cut"), text, plan, FORMATS[form].suffix)
    assert [(c.source.start, c.source.end, c.record.start, c.record.end) for c in cut.clips] == cuts(plan)
    assert len(cut.remarks) == len(plan.cards)
    for card, remark in zip(plan.cards, sorted(cut.remarks, key=at_second), strict=True):
        assert remark.startswith(f"the title {' '.join(card.text.splitlines())} at ") and "left out" in remark


def at_second(remark: str) -> float:
    return float(remark.rpartition(" at ")[2].partition(" s ")[0])


def test_a_title_over_a_renamed_film_is_not_the_film(tmp_path: Path) -> None:
    plan = with_layers(make_plan([30] * 4), cards=[(10, 40, "a film")])
    for form in READABLE:
        text = timeline_text(plan, media_of(plan), "the trailer", form).replace("a film.mkv", "proxy.mov")
        cut = read(tmp_path, text.replace("a%20film.mkv", "proxy.mov"), plan, FORMATS[form].suffix)
        assert len(cut.clips) == 4
        assert [remark for remark in cut.remarks if "proxy.mov is taken for the film" in remark]


def test_a_clip_changed_beside_a_title_stays_changed(tmp_path: Path) -> None:
    plan = with_layers(make_plan([48]), cards=[(20, 30, "SOON")])
    text = timeline_text(plan, media_of(plan), "the trailer", "edl")
    head = "00:00:00:01 00:00:00:21 01:00:00:00 01:00:00:20"
    assert head in text
    cut = read(tmp_path, text.replace(head, "00:00:01:01 00:00:01:21 01:00:00:00 01:00:00:20"), plan)
    assert [(c.source.start, c.source.end, c.record.start) for c in cut.clips] == [(25, 45, 0), (21, 49, 20)]
    broken = read(tmp_path, text.replace("* UNDER: 00:00:00:01", "* UNDER: 00:00:00:99"), plan)
    assert any("under a title in line 10 is left out" in remark for remark in broken.remarks)


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
    made = fill_cut(plan, asked, cut, beats(plan), filler(0))
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
    assume(clips)
    try:
        made = fill_cut(plan, draft(), Cut(tuple(clips), ()), beats(plan), filler(1))
    except PlanError as error:
        assert "too few long shots" in error.what
        holes = [one for one in stretches_of(plan, Cut(tuple(clips), ()), beats(plan)) if one.clip is None]
        assert max(len(hole.record) for hole in holes) > 48, "a hole may be longer than this film's shots"
        return
    assert violations(made) == []
    shown = {(p.record.start, p.record.end): p for p in made.positions}
    for clip in clips:
        assert shown[clip.record.start, clip.record.end].source == clip.source
        assert shown[clip.record.start, clip.record.end].pinned
    # What the editor shows is shown nowhere else.
    theirs = {number for clip in clips for number in shots_in(plan, clip.source)}
    assert all(p.pinned or not theirs & set(shots_in(plan, p.source)) for p in made.positions)


def test_a_cut_may_show_a_shot_twice_and_is_revised_like_any_plan() -> None:
    plan = composed()
    clips = (CutClip(span(0, 10), span(0, 10)), CutClip(span(30, 45), span(20, 35)))
    made = fill_cut(plan, draft(), Cut(clips, ()), beats(plan), filler(0))
    assert [position.shot for position in made.positions if position.pinned] == [0, 0]
    loose = [position.model_copy(update={"pinned": False}) for position in made.positions]
    assert violations(made.model_copy(update={"positions": loose}))
    places = replace(draft(), boundaries=(0, *(1000 * position.record.end for position in made.positions)))
    twins = [index for index, position in enumerate(made.positions) if position.pinned]
    for edits in (
        Edits.of(unpin=twins[:1]),
        Edits.of(unpin=twins),
        Edits.of(move=((0, 2),)),
        Edits.of(unpin=twins, ban="shot:0"),
    ):
        revised = revise_clips(made, replace(places, bans=edits.bans(made)), edits, filler(0))
        assert violations(revised) == []
        expected = 2 if edits.move else 0 if edits.ban else 1
        assert sum(position.shot == 0 for position in revised.positions) == expected
    with pytest.raises(UsageError, match="more than one position"):
        revise_clips(made, places, Edits.of(pin={3: 5, 4: 5}), filler(0))


def test_clips_that_the_plan_cannot_hold_leave_the_others() -> None:
    plan = composed()
    end = plan.sequence.frames
    plan = plan.model_copy(update={"bans": [Ban(range=span(30, 40), why="--ban 1.25-1.66")]})
    fits, banned = CutClip(span(0, 10), span(0, 10)), CutClip(span(10, 20), span(35, 45))
    over, late = CutClip(span(end - 5, end + 5), span(50, 60)), CutClip(span(end, end + 9), span(60, 69))
    kept = playable(plan, Cut((fits, banned, over, late), ("a remark",)))
    assert kept.clips == (fits, CutClip(span(end - 5, end), span(50, 55)))
    assert kept.remarks[0] == "a remark" and len(kept.remarks) == 4
    for words, remark in zip(("banned by --ban", "its last 5 frames", "the music ends"), kept.remarks[1:], strict=True):
        assert words in remark
    shots = [shot for shot in plan.shots if shot.number != 2]
    gone = CutClip(span(0, 10), span(plan.shots[2].start, plan.shots[2].start + 10))
    with pytest.raises(PlanError, match="nothing of the cut can stand") as refused:
        playable(plan.model_copy(update={"shots": shots}), Cut((gone,), ()))
    assert "between two shots" in str(refused.value.why)


def test_a_cut_that_no_plan_can_be_is_refused() -> None:
    plan = composed()
    late = CutClip(span(plan.sequence.frames - 5, plan.sequence.frames + 5), span(0, 10))
    with pytest.raises(PlanError, match="longer than the plan's music"):
        fill_cut(plan, draft(), Cut((late,), ()), beats(plan), filler(0))
    banned = plan.model_copy(update={"bans": [Ban(range=span(0, 48), why="--ban 0-2")]})
    with pytest.raises(PlanError, match="cannot be a plan"):
        fill_cut(banned, draft(), Cut((CutClip(span(0, 10), span(0, 10)),), ()), beats(banned), filler(0))


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
008  AX       V     D    012 00:00:08:00 00:00:09:00 01:00:06:00 01:00:07:00
* FROM CLIP NAME: film.mp4
* TO CLIP NAME: logo.mov
M2   AX       1.2.3                00:00:08:00
"""
    cut = read(tmp_path, text, plan)
    assert [(clip.record.start, clip.source.start) for clip in cut.clips] == [(0, 48), (96, 192)]
    assert [(line.partition(" at ")[0], why) for line, why in zip(cut.remarks, WHYS, strict=True) if why in line] == [
        ("2 transitions become cuts", "become cuts"),
        ("film.mp4", "speed"),
        ("Logo final.mov", "not of the film"),
        ("black", "not of the film"),
        ("film.mp4", "does not have"),
        ("logo.mov", "not of the film"),
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
    hidden = otio.schema.Track(kind="Video")
    hidden.enabled = False
    hidden.append(clip("film.mp4", 0, 1000))
    nest = otio.schema.Stack(source_range=clip("", 20, 24).source_range)
    inside = otio.schema.Track(kind="Video")
    inside.extend([clip("film.mp4", 300, 30), clip("film.mp4", 500, 30)])
    nest.append(inside)
    below, above = (otio.schema.Track(kind="Video") for _ in range(2))
    below.extend([clip("film.mp4", 100, 48), gap(12), clip("film.mov", 300, 24), nest])
    above.extend([clip("title.png", 0, 10), gap(10), clip("film.mp4", 10, 8)])
    timeline.tracks.extend([below, above, hidden])
    cut = read(tmp_path, timeline.to_json_string(), plan, ".otio")
    assert [(c.record.start, c.record.end, c.source.start) for c in cut.clips] == [
        (0, 20, 100),
        (20, 28, 10),
        (28, 48, 128),
        (60, 84, 300),
        (84, 94, 320),
        (94, 108, 500),
    ]
    assert [remark.partition(" is")[0] for remark in cut.remarks] == ["the track V3", "title.png at 0.00 s"]


def test_a_timeline_at_another_rate_keeps_its_clips(tmp_path: Path) -> None:
    track, at = otio.schema.Track(kind="Video"), 0
    for frames in (31, 17, 40, 22):
        where = otio.opentime.TimeRange(otio.opentime.RationalTime(at, 30), otio.opentime.RationalTime(frames, 30))
        track.append(otio.schema.Clip(name="film.mp4", source_range=where, effects=[otio.schema.LinearTimeWarp()]))
        at += frames
    timeline = otio.schema.Timeline()
    timeline.tracks.append(track)
    cut = read(tmp_path, timeline.to_json_string(), composed(), ".otio")
    assert [(clip.record.start, clip.record.end) for clip in cut.clips] == [(0, 25), (25, 38), (38, 70), (70, 88)]
    assert all(clip.source == clip.record for clip in cut.clips)


@pytest.mark.parametrize(
    ("timecode", "listed", "source", "record", "expected"),
    [
        # A drop-frame film; labels with colons in a drop-frame list.
        ("00:00:00;00", "DROP FRAME", ("00:00:59:28", "00:01:00:02"), ("01:00:00:00", "01:00:00:02"), (1798, 0)),
        ("00:00:00;00", "DROP FRAME", ("00:00:59;28", "00:01:00;02"), ("01:00:00;00", "01:00:00;02"), (1798, 0)),
        # The list counts another way than the film.
        ("00:00:00;00", "NON-DROP FRAME", ("00:01:00;02", "00:01:00;04"), ("01:00:00:10", "01:00:00:12"), (1800, 10)),
        (None, "DROP FRAME", ("00:01:00:00", "00:01:00:02"), ("01:00:00;10", "01:00:00;12"), (1800, 10)),
    ],
)
def test_the_film_says_how_source_times_count_and_the_list_how_record_times_do(
    tmp_path: Path,
    timecode: str | None,
    listed: str,
    source: tuple[str, str],
    record: tuple[str, str],
    expected: tuple[int, int],
) -> None:
    plan = make_plan([30] * 3, rate="30000/1001", timecode=timecode, shot_frames=1801)
    cut = read(tmp_path, f"FCM: {listed}\n001  AX V C {' '.join((*source, *record))}\n", plan)
    assert [(clip.source.start, clip.record.start) for clip in cut.clips] == [expected]


def test_names_tell_the_film(tmp_path: Path) -> None:
    plan = composed()
    event = "{n:03d}  AX V C 00:00:0{n}:00 00:00:0{m}:00 01:00:0{n}:00 01:00:0{m}:00\n* FROM CLIP NAME: {name}\n"

    def named(*names: str) -> Cut:
        lines = [event.format(n=n, m=n + 1, name=name) for n, name in enumerate(names)]
        return read(tmp_path, "".join(lines), plan)

    assert len(named("Film", "file:///x/FILM.mov", "http://[film").clips) == 2
    renamed = named("proxy.mov", "proxy")
    assert (len(renamed.clips), renamed.remarks) == (2, ("proxy.mov is taken for the film",))
    with pytest.raises(InputError, match=r"nothing in the cut is called film\.mp4"):
        named("proxy.mov", "title.png")
    (tmp_path / "cut.edl").write_text("".join(event.format(n=n, m=n + 1, name=f"p{n}.mov") for n in (1, 2)))
    assert len(read_cut(tmp_path / "cut.edl", plan.film, ["p1.mp4"]).clips) == 1


def test_what_the_xml_switches_off_or_retimes_is_not_taken(tmp_path: Path) -> None:
    plan = make_plan([30] * 4)
    text = timeline_text(plan, media_of(plan), "the trailer", "fcp7")
    items = text.split("</clipitem>")
    speed = "<filter><effect><name>Time Remap</name><effectid>timeremap</effectid><parameter><parameterid>speed"
    speed += "</parameterid><value>{}</value></parameter></effect></filter>"
    items[0] += speed.format(200)
    items[1] += speed.format(100)
    items[2] += "<enabled>FALSE</enabled>"
    cut = read(tmp_path, "</clipitem>".join(items), plan, ".xml")
    assert [clip.source for clip in cut.clips] == [plan.positions[index].source for index in (1, 3)]
    assert [remark.partition(", it ")[2] for remark in cut.remarks] == [
        "does not run at its own speed",
        "is switched off",
    ]
    with pytest.raises(InputError):
        read(tmp_path, text.replace("<enabled>TRUE</enabled>", "<enabled>FALSE</enabled>"), plan, ".xml")


def test_an_xml_without_timecode_counts_from_the_media_start(tmp_path: Path) -> None:
    plan = make_plan([30] * 4, timecode="01:00:00:00")
    text = timeline_text(plan, media_of(plan), "the trailer", "fcp7")
    root = ElementTree.fromstring(text)
    for file in root.iter("file"):
        for name in ("timecode", "duration", "rate"):
            if (found := file.find(name)) is not None:
                file.remove(found)
    cut = read(tmp_path, ElementTree.tostring(root, encoding="unicode"), plan, ".xml")
    assert [clip.source for clip in cut.clips] == [position.source for position in plan.positions]


def clip_without_range() -> str:
    timeline, track = otio.schema.Timeline(), otio.schema.Track(kind="Video")
    track.append(otio.schema.Clip(name="film.mp4"))
    timeline.tracks.append(track)
    return str(timeline.to_json_string())


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".edl", ""),
        (".edl", "TITLE: nothing\n"),
        (".edl", "001  AX V C 00:00:99:00 00:01:99:00 00:00:00:00 00:00:01:00\n"),
        (".otio", "{"),
        (".otio", '{"OTIO_SCHEMA": "Clip.1"}'),
        (".otio", clip_without_range()),
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
        read_cut(tmp_path / "cut.avb", FILM)
    assert film_clock(FILM).rate == Fraction(24)
