"""Dissolves and dips, rendered: every picture of the trailer is the planned mixture of the planned film frames."""

import json
from fractions import Fraction
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest
from counterfilm import draw_number, make_film, make_plan
from scipy.io import wavfile

from trailergen.audio.mix import mix
from trailergen.errors import VerificationError
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import probe_film
from trailergen.plans import parse_plan
from trailergen.rendering.trailer import render_trailer
from trailergen.rendering.verify import verify_trailer
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings

SIZE, FRAMES = (320, 180), 200
CLIPS = [(20, 60), (90, 120), (140, 180)]
FAST = RenderSettings(crf=12, preset="veryfast")


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    path = tmp_path_factory.mktemp("music") / "music.wav"
    wavfile.write(path, 48_000, np.random.default_rng(0).uniform(-0.3, 0.3, (48_000 * 8, 2)).astype(np.float32))
    return path


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", FRAMES)


def planned(transitions, rate=Fraction(24), film_audio="none"):
    """The plan of ``CLIPS`` with transitions (kind, index of the position, record in and out)."""
    data = json.loads(make_plan(CLIPS, frames=FRAMES, size=SIZE, rate=rate).model_dump_json(by_alias=True))
    data["transitions"] = [
        {"kind": kind, "position": f"p{at}", "record": {"in": start, "out": end}}
        for kind, at, start, end in transitions
    ]
    data["sound"]["film"] = film_audio
    return parse_plan(json.dumps(data))


def render(plan, folder: Path, film: Path, music: Path):
    output = folder / "trailer.mp4"
    render_trailer(
        plan,
        output,
        film=film,
        music=music,
        settings=FAST,
        work=folder / "work",
        progress=Progress(ProgressKind.none),
    )
    return output


def pictures(path):
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray").astype(np.float64) for frame in container.decode(video=0)]


def expected(plan, frame):
    """The picture of the trailer at a frame, black 16 and white 235 of luma."""
    at = next(k for k, position in enumerate(plan.positions) if frame < position.record.end)
    shares = {at: 1.0}
    for transition in plan.transitions:
        index = next(k for k, position in enumerate(plan.positions) if position.id == transition.position)
        start, end, cut = transition.record.start, transition.record.end, plan.positions[index].record.start
        if not start <= frame < end:
            continue
        if transition.kind == "dissolve":
            share = (frame - start + 1) / (end - start + 1)
            shares = {index - 1: 1 - share, index: share}
        elif frame < cut:
            shares = {at: 1 - (frame - start) / max(1, cut - start - 1)}
        else:
            shares = {at: (frame - cut) / max(1, end - cut - 1)}
    picture = np.zeros(SIZE[::-1])
    for index, share in shares.items():
        position = plan.positions[index]
        number = position.source.start + frame - position.record.start
        picture += share * draw_number(number, *SIZE).astype(np.float64)
    return picture


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30000, 1001)])
def test_every_picture_is_the_planned_mixture(tmp_path, music, rate):
    film = make_film(tmp_path / "film.mp4", FRAMES, rate=rate)
    plan = planned([("dissolve", 1, 34, 47), ("dip", 2, 62, 78)], rate)
    shown = pictures(render(plan, tmp_path, film, music))
    assert len(shown) == plan.sequence.frames
    for frame, picture in enumerate(shown):
        wanted = expected(plan, frame)
        apart = np.abs(picture - wanted).mean()
        assert apart < 3, (frame, apart)
        others = [expected(plan, other) for other in (frame - 1, frame + 1) if 0 <= other < len(shown)]
        near = [np.abs(picture - other).mean() for other in others if np.abs(other - wanted).mean() > 8]
        assert all(apart < each for each in near), frame


@pytest.mark.parametrize("other", [("dip", 1, 38, 42), ("dissolve", 1, 22, 58)])
def test_the_wrong_transition_is_found_out(tmp_path, film, music, other):
    plan = planned([("dissolve", 1, 38, 42)])
    output = render(plan, tmp_path, film, music)
    verify_trailer(output, plan, film=film, music=music, settings=FAST)
    with pytest.raises(VerificationError):
        verify_trailer(output, planned([other]), film=film, music=music, settings=FAST)


def test_a_dissolve_keeps_the_colours_of_its_clips(tmp_path, film, music):
    with av.open(str(render(planned([("dissolve", 1, 34, 46)]), tmp_path, film, music))) as container:
        frames = list(container.decode(video=0))
    facts = {(frame.format.name, frame.colorspace, frame.color_range, frame.color_trc) for frame in frames}
    assert len(facts) == 1


def test_the_sound_of_the_clips_crosses_over_in_step(tmp_path, film, music):
    """A film whose sound stands still: over a dissolve it goes on, at a dip it is silent at the cut."""
    sound, heard = tmp_path / "level.wav", tmp_path / "heard.mov"
    wavfile.write(sound, 48_000, np.full((48_000 * 9, 2), 0.25, np.float32))
    streams = ffmpeg.input(file_url(film)).video, ffmpeg.input(file_url(sound)).audio
    run(ffmpeg.output(*streams, file_url(heard), vcodec="copy", acodec="pcm_f32le", shortest=None))
    plan = planned([("dissolve", 1, 34, 46), ("dip", 2, 62, 78)], film_audio="full")
    stems = mix(plan, music, probe_film(heard))
    level = stems["film"][:, 0] / stems["film"][48_000, 0]
    step = 48_000 // 24
    assert level[33 * step : 47 * step] == pytest.approx(1, abs=2e-3)
    assert level[66 * step] == pytest.approx(0.5, abs=0.02) and abs(level[70 * step]) < 0.01
    assert level[74 * step] == pytest.approx(0.5, abs=0.02)
    plain = mix(planned([], film_audio="full"), music, probe_film(heard))["film"][:, 0]
    assert plain[40 * step] == pytest.approx(0, abs=1e-4)
