"""OpenTimelineIO as programs write it, odd clips too: every clip is placed right, or named with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from export_plans import make_plan, media_of
from test_cut_edl import FILM, Clips, clips, film, whys

from trailergen.plans import Alternative, Film, Plan
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.read.events import Cut
from trailergen.timeline.write.formats import timeline_text

schema = otio.schema


def span(start: float, frames: float, rate: float = 24) -> Any:
    return otio.opentime.TimeRange(otio.opentime.RationalTime(start, rate), otio.opentime.RationalTime(frames, rate))


def clip(
    start: float | None,
    frames: float = 24,
    *,
    available: Any = None,
    url: str = "film.mp4",
    effects: Iterable[Any] = (),
    rate: float = 24,
    **more: Any,
) -> Any:
    media = schema.ExternalReference(url, available)
    shown = None if start is None else span(start, frames, rate)
    return schema.Clip(name=more.pop("name", ""), media_reference=media, source_range=shown, effects=[*effects], **more)


def track(*items: Any, effects: Iterable[Any] = (), **more: Any) -> Any:
    made = schema.Track(kind="Video", **more)
    made.extend(items)
    made.effects.extend(effects)
    return made


def dissolve(frames: float) -> Any:
    half = span(0, frames / 2).duration
    return schema.Transition(in_offset=half, out_offset=half)


def stack(*layers: Any, **more: Any) -> Any:
    made = schema.Stack(**more)
    made.extend(layers)
    return made


def gap(frames: float) -> Any:
    return schema.Gap(duration=otio.opentime.RationalTime(frames, 24))


def read(folder: Path, *layers: Any, of: Film = FILM, shown: Any = None, encoding: str = "utf-8") -> Cut:
    timeline = schema.Timeline()
    timeline.tracks.extend(layers)
    timeline.tracks.source_range = shown
    path = folder / "cut.otio"
    path.write_text(timeline.to_json_string(), encoding=encoding)
    return read_cut(path, of)


def off(item: Any) -> Any:
    item.enabled = False
    return item


def switched(effect: Any) -> Any:
    effect.enabled = False
    return effect


GOOD = (24, 720, 24)
WARP = schema.LinearTimeWarp


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (clip(312), None),
        (clip(312, effects=[WARP(time_scalar=1)]), None),
        (clip(312, effects=[WARP(time_scalar=2)]), "it does not run at its own speed"),
        (clip(312, effects=[WARP(time_scalar=-1)]), "it runs backwards"),
        (clip(312, effects=[schema.FreezeFrame()]), "it is a freeze frame"),
        (clip(312, effects=[schema.TimeEffect()]), "it does not run at its own speed"),
        (clip(312, effects=[switched(WARP(time_scalar=2))]), None),
        (clip(312, effects=[schema.Effect(effect_name="blur")]), None),
        (clip(312, metadata={"fcp_xml": {"stillframe": "TRUE"}}), "it is a freeze frame"),
        (clip(312, metadata={"fcp_xml": {"enabled": "FALSE"}}), "it is switched off"),
        (off(clip(312)), "it is switched off"),
        (clip(312, url="film.png"), "it is not of the film"),
        (clip(312, url="film.wav", name="film.mp4"), "it is not of the film"),
        (clip(312, url="file:///x/other.mov", name="film"), None),
        (clip(3150), "it shows frames that the film does not have"),
        (clip(-10), "it shows frames that the film does not have"),
        (clip(None, available=span(312, 24)), None),
        (clip(312, available=span(300, 100)), None),
        (clip(312, available=span(0, 3157)), None),
        (clip(86400 + 312, available=span(86400, 3157)), None),
        (clip(400, available=span(300, 50)), "it shows frames that its media does not have"),
        (clip(86400 + 312, available=span(86400 + 300, 100)), "its media is a part of the film, no one knows which"),
        (clip(312, 24, rate=24, available=span(0, 3157 / 24 * 1000, 1000)), None),
    ],
)
def test_one_clip_of_any_kind(tmp_path: Path, odd: Any, why: str | None) -> None:
    cut = read(tmp_path, track(odd, clip(720)))
    assert clips(cut) == [*([] if why else [(0, 312, 24)]), GOOD]
    assert whys(cut) == ([why] if why else [])


@pytest.mark.parametrize("odd", [clip(None), clip(312, -24), clip(312, 24, rate=0), clip(312, float("nan"))])
def test_what_follows_a_clip_without_a_length_cannot_be_placed(tmp_path: Path, odd: Any) -> None:
    cut = read(tmp_path, track(clip(720), odd, clip(720), gap(3)), track(gap(48), clip(480)))
    assert clips(cut) == [(0, 720, 24), (48, 480, 24)]
    assert [why.partition(" (")[0] for why in whys(cut)] == [
        "it does not say which frames it shows",
        "it does not say where it stands: a clip before it has no length",
    ]


def test_an_empty_clip_is_named(tmp_path: Path) -> None:
    cut = read(tmp_path, track(clip(312), clip(500, 0), clip(720)))
    assert (clips(cut), whys(cut)) == ([(0, 312, 24), GOOD], ["it is shorter than a frame"])


@pytest.mark.parametrize(
    ("layers", "placed", "said"),
    [
        (
            [stack(track(clip(312, 48)), track(gap(12), clip(600, 12)))],
            [(0, 312, 12), (12, 600, 12), (24, 336, 24)], [],
        ),
        ([track(stack(clip(312, 48), clip(600, 12), source_range=span(6, 24)))], [(0, 606, 6), (6, 324, 18)], []),
        ([track(track(clip(312, 48), source_range=span(24, 12)), clip(720))], [(0, 336, 12), (12, 720, 24)], []),
        ([track(clip(312, 24), clip(480, 24), source_range=span(12, 24))], [(0, 324, 12), (12, 480, 12)], []),
        ([clip(312)], [(0, 312, 24)], []),
        (
            [track(stack(track(clip(312)), effects=[WARP(time_scalar=2)], name="Nest"), clip(720))],
            [GOOD], ["it does not run at its own speed"],
        ),
        ([track(off(stack(track(clip(312)))), clip(720))], [GOOD], ["it is switched off"]),
        (
            [track(clip(720)), track(clip(312), effects=[schema.FreezeFrame()], name="V2")],
            [(0, 720, 24)], ["it is a freeze frame"],
        ),
        ([track(clip(720)), off(track(clip(312), name="V2"))], [(0, 720, 24)], ["it is switched off"]),
        (
            [track(clip(312), dissolve(12), clip(720))],
            [(0, 312, 24), GOOD], ["1 transition becomes a cut"],
        ),
        ([track(clip(60, 25, rate=25), clip(720))], [(0, 58, 24), GOOD], []),
        ([track(clip(48000 * 13, 48000, rate=48000), clip(720))], [(0, 312, 24), GOOD], []),
    ],
)  # fmt: skip
def test_compositions_in_each_other(tmp_path: Path, layers: list[Any], placed: Clips, said: list[str]) -> None:
    cut = read(tmp_path, *layers)
    assert clips(cut) == placed
    assert whys(cut) == said


def test_a_part_of_the_whole_is_shown(tmp_path: Path) -> None:
    cut = read(tmp_path, track(clip(312, 48)), track(gap(40), clip(600)), shown=span(24, 24), encoding="utf-16")
    assert clips(cut) == [(0, 336, 16), (16, 600, 8)]


@pytest.mark.parametrize("timecode", [None, "01:00:00:00"])
def test_another_alternative_made_active(tmp_path: Path, timecode: str | None) -> None:
    plan = with_alternative(make_plan([30] * 4, timecode=timecode))
    timeline = otio.adapters.read_from_string(timeline_text(plan, media_of(plan), "cut", "otio"), "otio_json")
    first = timeline.tracks[0][0]
    reference = first.media_references()["alternative 1"]
    bounds = reference.metadata["trailergen"]["source"]
    path = tmp_path / "cut.otio"
    first.active_media_reference_key = "alternative 1"
    path.write_text(timeline.to_json_string())
    unmoved = read_cut(path, plan.film)
    assert [each.record.start for each in unmoved.clips] == [30, 60, 90]
    assert whys(unmoved) == ["it shows frames that its media does not have"]
    start = reference.available_range.start_time.value - plan.shots[plan.positions[0].alternatives[0].shot].start
    first.source_range = span(start + bounds["in"], bounds["out"] - bounds["in"])
    path.write_text(timeline.to_json_string())
    cut = read_cut(path, plan.film)
    assert (cut.clips[0].source.start, cut.clips[0].source.end) == (bounds["in"], bounds["out"])
    assert len(cut.clips) == 4 and cut.remarks == ()


def with_alternative(plan: Plan) -> Plan:
    """The plan with a shot more, an alternative of its first position."""
    last = plan.shots[-1]
    shot = last.model_copy(update={"number": last.number + 1, "start": last.end, "end": last.end + 60})
    first = plan.positions[0].model_copy(update={"alternatives": [Alternative(shot=shot.number, probability=0.5)]})
    return plan.model_copy(
        update={
            "film": plan.film.model_copy(update={"frames": shot.end + 10}),
            "shots": [*plan.shots, shot],
            "positions": [first, *plan.positions[1:]],
        }
    )


def test_names_of_a_renamed_film(tmp_path: Path) -> None:
    cut = read(tmp_path, track(clip(312, url="file:///x/Ame%CC%81lie%20(1).MOV"), clip(720, url="x.mov")),
               of=film(path="/films/Amélie (1).mkv"))  # fmt: skip
    assert clips(cut) == [(0, 312, 24)]
