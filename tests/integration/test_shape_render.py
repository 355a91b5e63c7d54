"""A film with a moving subject, brought to other shapes: the subject is in every picture of the trailer, whole."""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest
from counterfilm import make_film, make_plan
from scipy.io import wavfile

from trailergen.edit.shape import shape_plan
from trailergen.errors import VerificationError
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import probe_film
from trailergen.plans import parse_plan
from trailergen.rendering.trailer import render_trailer
from trailergen.rendering.verify import verify_trailer
from trailergen.runtime.cache import file_sha256
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session
from trailergen.settings.render import RenderSettings

SIZE, FRAMES, RADIUS = (480, 270), 144, 34
FAST = RenderSettings(crf=18, preset="veryfast")


def centre(frame: int) -> tuple[int, int]:
    """The middle of the ball: at rest on the right, across from left to right, at rest on the left."""
    shot, within = divmod(frame, 48)
    return (390, 60 + round(340 * within / 47), 70)[shot], 150


@dataclass(frozen=True)
class Made:
    folder: Path
    film: Path
    music: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Three shots of a red ball over a dull ground."""
    folder = tmp_path_factory.mktemp("ball")
    film, music = folder / "film.mp4", folder / "music.wav"
    rows, columns = np.mgrid[: SIZE[1], : SIZE[0]]
    noise = np.random.default_rng(1).integers(-6, 7, (*SIZE[::-1], 3))

    def pictures():
        for frame in range(FRAMES):
            x, y = centre(frame)
            picture = np.array((70, 84, 92))[frame // 48] + noise + np.array((0, 4, 8)) * (rows[..., None] > 200)
            ball = (columns - x) ** 2 + (rows - y) ** 2 < RADIUS**2
            picture = np.where(ball[..., None], (225, 40, 40), picture)
            yield np.clip(picture, 0, 255).astype(np.uint8).tobytes()

    raw = ffmpeg.input("pipe:", format="rawvideo", pixel_format="rgb24", video_size=SIZE, framerate=24)
    run(raw.output(file_url(film), pix_fmt="yuv420p", vcodec="libx264", crf=12, g=12), pictures())
    wavfile.write(music, 48_000, np.random.default_rng(0).uniform(-0.3, 0.3, (48_000 * 8, 2)).astype(np.float32))
    return Made(folder, film, music)


def shaped(made, shape, tmp_path):
    plan = make_plan([(2, 46), (50, 94), (98, 142)], frames=FRAMES, size=SIZE)
    data = json.loads(plan.model_dump_json(by_alias=True))
    data["film"] |= {"sha256": file_sha256(made.film)}
    session = Session(tmp_path / "cache")
    return shape_plan(session, parse_plan(json.dumps(data)), probe_film(made.film), shape)


def render(plan, made, folder):
    output = folder / "trailer.mp4"
    render_trailer(
        plan,
        output,
        film=made.film,
        music=made.music,
        settings=FAST,
        work=folder / "work",
        progress=Progress(ProgressKind.none),
    )
    return output


def red(path):
    """Of every picture the share of it that is red, and the columns of the outermost red pixels."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            r, g, b = np.moveaxis(frame.to_ndarray(format="rgb24").astype(int), -1, 0)
            mask = (r - g > 70) & (r - b > 70)
            found = np.flatnonzero(mask.sum(axis=0) > 2)
            yield mask.mean() * frame.width * frame.height / (frame.height / SIZE[1]) ** 2, found, frame.width


@pytest.mark.parametrize("shape", ["9:16", "1:1", "4:5"])
def test_the_ball_is_whole_in_every_picture_of_the_trailer(made, tmp_path, shape):
    plan = shaped(made, shape, tmp_path)
    assert [bool(position.view.pan) for position in plan.positions] == [False, True, False]
    whole = np.pi * RADIUS**2
    scale = plan.sequence.height / SIZE[1]
    for number, (area, columns, width) in enumerate(red(render(plan, made, tmp_path))):
        assert columns[0] > 0 and columns[-1] < width - 1, number
        assert area == pytest.approx(whole, rel=0.12), (number, scale)


@pytest.mark.parametrize("pan", ["right", "left"])
def test_a_trailer_with_another_window_than_planned_is_found_out(made, tmp_path, pan):
    film = make_film(tmp_path / "numbers.mp4", 60)
    data = json.loads(make_plan([(5, 45)], frames=60).model_dump_json(by_alias=True))
    data["sequence"] |= {"width": 102, "height": 180, "shape": "9:16"}
    data["positions"][0]["view"] = {"x": 0, "y": 0, "width": 320, "height": 180, "pan": pan}
    plan = parse_plan(json.dumps(data))
    output = render(plan, Made(tmp_path, film, made.music), tmp_path)
    verify_trailer(output, plan, film=film, music=made.music, settings=FAST)
    data["positions"][0]["view"]["pan"] = {"left": "right", "right": "left"}[pan]
    with pytest.raises(VerificationError, match=r"positions\[0\]"):
        verify_trailer(output, parse_plan(json.dumps(data)), film=film, music=made.music, settings=FAST)


def test_a_card_over_half_of_a_pan_does_not_change_where_it_is(made, tmp_path):
    plan = shaped(made, "9:16", tmp_path)
    data = json.loads(plan.model_dump_json(by_alias=True))
    data["cards"] = [{"text": "NOW", "kind": "card", "record": {"in": 44, "out": 70}, "font": None}]
    covered = list(red(render(parse_plan(json.dumps(data)), made, tmp_path)))
    for area, columns, width in covered[70:88]:
        assert area > 0.85 * np.pi * RADIUS**2 and columns[-1] < width - 1
    assert Fraction(len(covered), 24) == Fraction(132, 24)


def test_a_plan_is_taken_back_to_the_films_own_shape(made, tmp_path):
    upright = shaped(made, "9:16", tmp_path)
    session, film = Session(tmp_path / "cache"), probe_film(made.film)
    again = shape_plan(session, upright, film, "film")
    plan = make_plan([(2, 46), (50, 94), (98, 142)], frames=FRAMES, size=SIZE)
    assert again == plan.model_copy(update={"film": again.film})
    half = shape_plan(session, upright, film, "film", 136).sequence
    assert (half.width, half.height) == (242, 136)
