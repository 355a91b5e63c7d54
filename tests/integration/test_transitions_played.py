"""Dissolves and dips of projects of Shotcut and Kdenlive, played by MLT's own program, against our own trailer."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from counterfilm import make_plan
from export_plans import with_layers
from melted import CLIP_BAND, MUSIC_BAND, differences, make_heard_film, make_music, melt_binary, played, read_sound

from trailergen.audio.mix import mix
from trailergen.media.probe import probe_film
from trailergen.plans import Plan, Transition, closing_frames, dump_plan, parse_plan, span
from trailergen.rendering.trailer import render_trailer
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings
from trailergen.timeline.media import find_media
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.write.formats import FORMATS, timeline_text

pytestmark = pytest.mark.skipif(melt_binary() is None, reason="no melt, the program of the MLT framework")

CLIPS = [(100, 124), (30, 64), (270, 300), (230, 262), (310, 332)]
JOINS = [("dissolve", 1, 18, 30), ("dissolve", 2, 52, 65), ("dip", 3, 82, 94), ("dissolve", 4, 117, 124)]
"""Kind, position, and the record frames it lies over."""


def joined_plan(folder: Path, rate: str) -> Plan:
    film = make_heard_film(folder / "film.mov", 340, Fraction(rate))
    plan = make_plan(CLIPS, frames=340, rate=Fraction(rate), fade_out=12_000)
    data = json.loads(dump_plan(plan))
    data["film"].update(path=str(film))
    data["music"].update(path=str(make_music(folder / "music.wav", 8)))
    data["transitions"] = [
        {"kind": kind, "position": data["positions"][at]["id"], "record": {"in": start, "out": end}}
        for kind, at, start, end in JOINS
    ]
    return with_layers(parse_plan(json.dumps(data)), film="full")


def pictures(path: Path) -> np.ndarray:
    """(frames, 12, 12) of brightness, black 0 and white 1."""
    found = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            grey = frame.reformat(format="gray").to_ndarray().astype(float)
            rows, columns = grey.shape[0] // 12, grey.shape[1] // 12
            blocks = grey[: rows * 12, : columns * 12].reshape(12, rows, 12, columns)
            found.append(blocks.mean(axis=(1, 3)) / 255)
    return np.stack(found)


@pytest.mark.parametrize("rate", ["24/1", "30000/1001"])
def test_transitions_play_as_the_trailer_shows_them_and_are_read_back(tmp_path: Path, rate: str) -> None:
    plan = joined_plan(tmp_path, rate)
    film, music = Path(plan.film.path), Path(plan.music.path)
    output, progress = tmp_path / "trailer.mp4", Progress(ProgressKind.none)
    settings = RenderSettings(crf=12, preset="veryfast")
    render_trailer(plan, output, film=film, music=music, settings=settings, work=tmp_path / "work", progress=progress)
    ours = pictures(output)
    sound = mix(plan, music, probe_film(film)).sum().astype(np.float64)
    for form in ("mlt", "kdenlive"):
        project = tmp_path / f"project{FORMATS[form].suffix}"
        project.write_text(timeline_text(plan, find_media(plan), "joined", form), encoding="utf-8")
        with played(project) as film_of_project:
            theirs, heard = pictures(film_of_project), read_sound(film_of_project)
        assert len(theirs) == len(ours) == plan.sequence.frames
        shown = plan.sequence.frames - closing_frames(plan)
        apart = np.abs(ours - theirs).mean(axis=(1, 2))
        # Kdenlive's last frame of a mix is all the second clip's.
        last = [end - 1 for kind, _, _, end in JOINS if kind == "dissolve" and form == "kdenlive"]
        wrong = [at for at in range(shown) if apart[at] > (0.2 if at in last else 0.05)]
        assert not wrong, (form, wrong, apart[wrong])
        for band in (MUSIC_BAND, CLIP_BAND):
            assert differences(sound, heard, band, float(1 / plan.film.rate)).max() < 0.5, (form, band)
        read = read_cut(project, plan.film)
        assert [(clip.source.start, clip.source.end) for clip in read.clips] == CLIPS, form
        assert [(join.kind, join.at, join.frames) for join in read.joins] == [
            (kind, plan.positions[at].record.start, end - start) for kind, at, start, end in JOINS
        ], form
        assert read.remarks == (), form


def test_a_dissolve_from_the_films_first_frame_and_two_that_touch(tmp_path: Path) -> None:
    plan = joined_plan(tmp_path, "24/1")
    first = plan.positions[1].model_copy(update={"source": span(6, 40)})
    names = [position.id for position in plan.positions]
    plan = plan.model_copy(
        update={
            "positions": [plan.positions[0], first, *plan.positions[2:]],
            "transitions": [
                Transition(kind="dissolve", position=names[1], record=span(18, 30)),
                Transition(kind="dissolve", position=names[2], record=span(30, 86)),
            ],
        }
    )
    for form in ("mlt", "kdenlive"):
        project = tmp_path / f"project{FORMATS[form].suffix}"
        project.write_text(timeline_text(plan, find_media(plan), "joined", form), encoding="utf-8")
        with played(project) as film_of_project:
            assert len(pictures(film_of_project)) == plan.sequence.frames
        assert [(clip.source.start, clip.source.end) for clip in read_cut(project, plan.film).clips][2:] == CLIPS[2:]
