"""Projects of Shotcut and Kdenlive, played by MLT's own program and compared with the trailer that is rendered."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from counterfilm import make_plan, read_numbers
from export_plans import with_layers
from melted import (
    CLIP_BAND,
    LINE_BAND,
    LINES,
    MUSIC_BAND,
    Sound,
    differences,
    make_heard_film,
    make_music,
    melt_binary,
    play,
)

import trailergen as tg
from trailergen.audio.accents import accents_of
from trailergen.audio.mix import mix
from trailergen.media.probe import probe_film
from trailergen.plans import Plan, closing_frames, dump_plan, parse_plan
from trailergen.rendering.trailer import render_trailer
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings
from trailergen.timeline.media import find_media
from trailergen.timeline.write.formats import FORMATS, timeline_text

pytestmark = pytest.mark.skipif(melt_binary() is None, reason="no melt, the program of the MLT framework")

CLIPS = [(100, 124), (30, 64), (0, 20), (300, 330), (210, 232)]
CASES = [("24/1", "01:00:00:00"), ("25/1", None), ("24000/1001", "00:00:00:00"), ("30000/1001", "01:00:00;00")]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case[0])
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, list[int], Sound]:
    """A plan with all that there is to hear and see, and the pictures and the sound of its trailer."""
    rate, timecode = request.param
    folder = tmp_path_factory.mktemp("played")
    film = make_heard_film(folder / "film & more.mov", 340, Fraction(rate))
    music = make_music(folder / "music.wav", 8)
    plan = make_plan(CLIPS, frames=340, rate=Fraction(rate), fade_out=24_000, music_start=31_000)
    data = json.loads(dump_plan(plan))
    data["film"].update(path=str(film), start_timecode=timecode)
    data["music"].update(path=str(music))
    data["positions"][1]["alternatives"] = [{"shot": 4, "probability": 0.25}]
    first = int(LINES[0] / plan.film.rate * 48_000)
    plan = with_layers(
        parse_plan(json.dumps(data)),
        film="low",
        lines=[(first + 4_321, 12_345, 60_000), (first + 60_000, 100_003, 141_000)],
        cards=[(44, 68, "COMING\nSOON #1")],
        gain=3.5,
        ducking={"depth": 12.0, "attack": 0.2, "release": 0.5},
    )
    output, progress = folder / "trailer.mp4", Progress(ProgressKind.none)
    settings = RenderSettings(crf=23, preset="veryfast")
    render_trailer(plan, output, film=film, music=music, settings=settings, work=folder / "work", progress=progress)
    # Its sound before it is encoded, which costs half a decibel here and there.
    return plan, read_numbers(output)[0], mix(plan, music, probe_film(film)).sum().astype(np.float64)


@pytest.mark.parametrize("form", ["mlt", "kdenlive"])
def test_a_project_plays_as_the_trailer_does(
    rendered: tuple[Plan, list[int], Sound], form: str, tmp_path: Path
) -> None:
    plan, pictures, sound = rendered
    project = tmp_path / f"a project{FORMATS[form].suffix}"
    project.write_text(timeline_text(plan, find_media(plan), "My trailer", form), encoding="utf-8")
    numbers, heard = play(project)
    # In the closing fade pictures are too dark to be read, here or there.
    shown = plan.sequence.frames - closing_frames(plan)
    assert len(numbers) == plan.sequence.frames and numbers[:shown] == pictures[:shown]
    wanted = [frame for clip in plan.positions for frame in range(clip.source.start, clip.source.end)]
    for at, number in enumerate(numbers):
        titled = any(card.record.start <= at < card.record.end for card in plan.cards)
        assert number in ((-1,) if titled else (wanted[at],) if at < shown else (wanted[at], -1)), at
    frame = float(1 / plan.film.rate)
    for band in (MUSIC_BAND, CLIP_BAND, LINE_BAND):
        assert differences(sound, heard, band, frame).max() < 0.5


def test_the_comparison_sees_a_frame_and_half_a_decibel(rendered: tuple[Plan, list[int], Sound]) -> None:
    plan, _, sound = rendered
    frame = float(1 / plan.film.rate)
    assert differences(sound, sound * 10 ** (0.7 / 20), MUSIC_BAND, frame).max() > 0.5
    late = round(3 * frame * 48_000)
    assert differences(sound[late:], sound[:-late], LINE_BAND, frame).max() > 0.5


@pytest.mark.parametrize("form", ["mlt", "kdenlive"])
def test_accents_are_heard_and_before_the_button_nothing_is(form: str, tmp_path: Path) -> None:
    film = make_heard_film(tmp_path / "film.mov", 340, Fraction(24))
    music = make_music(tmp_path / "music.wav", 16)
    plan = make_plan([(0, 60), (60, 120), (210, 270), (270, 330)], frames=340)
    data = json.loads(dump_plan(plan))
    data["film"].update(path=str(film))
    data["music"].update(path=str(music))
    data["sound"].update(film="full", accents={"turn": plan.positions[1].shot}, loudness=None)
    plan = parse_plan(json.dumps(data))
    found = accents_of(plan)
    assert found is not None and found.hit and found.drop
    project = tg.export(plan, form, tmp_path / f"accented{FORMATS[form].suffix}").path
    _, heard = play(project)
    wanted = mix(plan, music, probe_film(film))
    accents, whole = wanted["accents"].astype(np.float64), wanted.sum().astype(np.float64)
    low = (40, 150)  # where nothing else is heard
    start, end = found.hit
    assert np.abs(accents[start:end]).max() > 0.01
    # The silence begins and ends a frame's part off, which is a click of -60 dB down there.
    for band, most in ((low, 1.0), (MUSIC_BAND, 0.5), (CLIP_BAND, 0.5)):
        assert differences(whole, heard, band, 1 / 24).max() < most
    silent = heard[found.drop[0] + 4_000 : found.drop[1] - 2_400]
    assert len(silent) > 4_800 and np.abs(silent).max() < 1e-3 < np.abs(whole[: found.drop[0]]).max()
