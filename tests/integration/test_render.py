import hashlib
import random
import subprocess
import sys
import time
from contextlib import nullcontext
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest
from counterfilm import draw_number, make_film, make_plan, make_variable_film, read_numbers
from scipy.io import wavfile

from trailergen.errors import FFmpegError, OutputError
from trailergen.media.audio import read_audio
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.frames import film_frame, read_frames
from trailergen.media.probe import probe_film
from trailergen.plans import dump_plan, plan_sha256
from trailergen.rendering import segments
from trailergen.rendering.join import join_segments
from trailergen.rendering.soundtrack import soundtrack_path
from trailergen.rendering.trailer import part_path, render_trailer, rendered_plan
from trailergen.rendering.video import clips
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings

FAST = RenderSettings(crf=23, preset="veryfast")
RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001)]


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", 120)


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    """Ten seconds of noise at 44.1 kHz, peaking at half of full scale."""
    path = tmp_path_factory.mktemp("music") / "music.wav"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (441_000, 2)).astype(np.float32)
    wavfile.write(path, 44_100, noise)
    return path


def render(plan, folder: Path, film: Path, music: Path, *, settings=FAST, name="trailer.mp4", progress=None):
    progress = progress or Progress(ProgressKind.none)
    output = folder / name
    render_trailer(plan, output, film=film, music=music, settings=settings, work=folder / "work", progress=progress)
    return output


def random_clips(seed: int, frames: int, count: int = 7) -> list[tuple[int, int]]:
    """Disjoint ranges of 1 to 15 film frames in random order, the film's very first and last frames among them."""
    chance = random.Random(seed)
    edges = [0, *sorted(chance.sample(range(16, frames - 16, 16), count - 2)), frames - 12]
    found = [(start, start + chance.choice([1, 2, 3, 5, 11, 15])) for start in edges[:-1]]
    found.append((frames - 12, frames))
    chance.shuffle(found)
    return found


def expected(plan) -> list[int]:
    return [frame for position in plan.positions for frame in range(position.source.start, position.source.end)]


def leftovers(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix != ".lock")


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_frame_is_the_planned_one_at_its_exact_time(tmp_path, music, rate, seed):
    film = make_film(tmp_path / "film.mp4", 300, rate=rate)
    plan = make_plan(random_clips(seed, 300), frames=300, rate=rate)
    numbers, times = read_numbers(render(plan, tmp_path, film, music))
    assert numbers == expected(plan)
    assert times == [k / rate for k in range(plan.sequence.frames)]


@pytest.mark.parametrize("preset", ["ultrafast", "medium", "slower"])
def test_decoding_order_runs_evenly_over_the_joins(tmp_path, film, music, preset):
    plan = make_plan([(0, 20), (40, 41), (60, 62), (80, 119)], frames=120)
    output = render(plan, tmp_path, film, music, settings=RenderSettings(crf=23, preset=preset))
    with av.open(str(output)) as container:
        decoding = [packet.dts for packet in container.demux(video=0) if packet.size]
    steps = {after - before for before, after in pairwise(decoding)}
    assert len(steps) == 1 and steps.pop() > 0
    assert read_numbers(output)[0] == expected(plan)


@pytest.mark.parametrize(
    "shape",
    [
        {"size": (320, 180), "rotation": 90},
        {"size": (320, 180), "rotation": 180},
        {"size": (320, 180), "rotation": 270},
        {"size": (320, 180), "mirrored": True},
        {"size": (320, 180), "rotation": 180, "mirrored": True},
        {"size": (160, 180), "pixel_aspect": Fraction(2), "rotation": 90, "mirrored": True},
        {"size": (160, 180), "pixel_aspect": Fraction(2)},
        {"size": (160, 180), "pixel_aspect": Fraction(2), "rotation": 90},
        {"size": (321, 181), "pixel_format": "yuv444p"},
        {"size": (320, 180), "pixel_format": "yuv422p10le"},
    ],
    ids=str,
)
def test_the_picture_is_upright_with_square_pixels(tmp_path, music, shape):
    film = make_film(tmp_path / "film.mp4", 60, **shape)
    info = probe_film(film)
    plan = make_plan([(30, 42), (5, 14)], frames=60, size=(info.display_width, info.display_height))
    output = render(plan, tmp_path, film, music)
    assert read_numbers(output)[0] == expected(plan)
    shown = probe_film(output)
    assert (shown.width, shown.height) == (plan.sequence.width, plan.sequence.height)
    assert (shown.pixel_aspect, shown.rotation, shown.pixel_format) == (1, 0, "yuv420p")


def test_a_smaller_and_a_narrower_picture(tmp_path, film, music):
    for size in [(160, 90), (180, 180)]:
        plan = make_plan([(30, 36), (5, 9)], frames=120, size=size)
        output = render(plan, tmp_path, film, music, name=f"{size[0]}.mp4")
        shown = probe_film(output)
        assert (shown.width, shown.height) == size
    # Cutting the sides off takes half of the outer columns; the middle two still show their bits.
    with av.open(str(output)) as container:
        grey = next(container.decode(video=0)).reformat(format="gray").to_ndarray()
    assert [round(float(grey[110, x]) / 255) for x in (45, 135)] == [30 >> bit & 1 for bit in (9, 10)]


def test_variable_rate(tmp_path, music):
    chance = random.Random(3)
    times, at = [], 0
    for _ in range(150):
        times.append(at)
        at += chance.choice([17, 33, 41, 42, 59, 130])
    film = make_variable_film(tmp_path / "film.mkv", times)
    rate = Fraction(25)
    first_shown = [film_frame(Fraction(time, 1000), rate) for time in times]
    plan = make_plan([(50, 80), (3, 24), (110, 135)], frames=film_frame(Fraction(at, 1000), rate), rate=rate)
    numbers, stamps = read_numbers(render(plan, tmp_path, film, music))
    assert numbers == [max(k for k, first in enumerate(first_shown) if first <= frame) for frame in expected(plan)]
    assert stamps == [k / rate for k in range(plan.sequence.frames)]


def test_full_range_and_its_tags_become_limited_range(tmp_path, music):
    film = tmp_path / "film.mp4"
    source = ffmpeg.input("color=gray:s=320x180:d=2:r=24", format="lavfi").filter("format", "yuvj420p")
    source = source.filter("lutyuv", y=200, u=100, v=140).filter(
        "setparams", range="pc", colorspace="bt709", color_primaries="bt709", color_trc="bt709"
    )
    run(source.output(file_url(film), format="mp4", vcodec="libx264", qp=1))
    plan = make_plan([(3, 9)], frames=48)
    output = render(plan, tmp_path, film, music)
    colour = probe_film(output).colour
    assert (colour.range, colour.matrix, colour.primaries, colour.transfer) == ("tv", "bt709", "bt709", "bt709")
    with av.open(str(output)) as container:
        planes = next(container.decode(video=0)).to_ndarray()
    assert abs(float(planes[:180].mean()) - (16 + 200 * 219 / 255)) < 1.5
    assert abs(float(planes[180:225].mean()) - (128 + (100 - 128) * 224 / 255)) < 1.5


def test_rgb_becomes_tagged_yuv(tmp_path, music):
    film = tmp_path / "film.mkv"
    source = ffmpeg.input("color=0x4080c0:s=320x180:d=2:r=24", format="lavfi")
    run(source.output(file_url(film), vcodec="ffv1", pix_fmt="bgr0"))
    output = render(make_plan([(3, 9)], frames=48), tmp_path, film, music)
    assert (probe_film(output).colour.range, probe_film(output).colour.matrix) == ("tv", "bt709")
    source_frame = next(iter(read_frames(probe_film(film), Fraction(24), 3, 4)))
    red, green, blue = source_frame.to_ndarray(format="rgb24").reshape(-1, 3).mean(axis=0) / 255
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    wanted = [16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748]
    # Against the planes themselves: going back to RGB would round once more.
    with av.open(str(output)) as container:
        planes = next(container.decode(video=0)).to_ndarray()
    shown = [planes[:180].mean(), planes[180:225].mean(), planes[225:].mean()]
    assert shown == pytest.approx(wanted, abs=0.6)


@pytest.mark.parametrize("first_progressive", [False, True])
@pytest.mark.parametrize("order", ["top", "bottom"])
def test_interlaced_pictures_lose_their_combs(tmp_path, music, order, first_progressive):
    """A bar that moves every field shows comb teeth on its edges unless the fields are parted in the right order.

    Flagged the wrong way round, the same pictures show the later field's moment: the test tells them apart.
    """
    step, whole = 4, {"top": "bottom", "bottom": "top"}
    source = ffmpeg.input("color=black:s=320x180:d=1.3:r=50", format="lavfi")
    bar = ffmpeg.input("color=white:s=60x180:d=1.3:r=50", format="lavfi")
    moving = source.overlay(bar, x=f"n*{step}").filter("tinterlace", f"interleave_{order}")
    teeth, places = {}, {}
    for said in (order, whole[order]):
        film = tmp_path / f"{said}.mp4"
        picture = moving.filter("setfield", {"top": "tff", "bottom": "bff"}[said])
        if first_progressive:
            # A still picture first, as of a logo; its own flag is another one.
            still = ffmpeg.input("color=gray:s=320x180:d=1:r=25", format="lavfi").filter("trim", end_frame=1)
            film = _with_a_progressive_start(tmp_path, still, picture, said)
        else:
            x264 = {"x264-params": "tff=1" if said == "top" else "bff=1"}
            run(picture.output(file_url(film), vcodec="libx264", flags="+ilme+ildct", crf=8, r=25, g=12, **x264))
        assert probe_film(film).interlaced is not first_progressive
        plan = make_plan([(8, 20)], frames=32, rate=Fraction(25))
        folder = tmp_path / f"as-{said}"
        folder.mkdir()
        output = render(plan, folder, film, music, settings=RenderSettings(crf=8, preset="veryfast"))
        found = next(iter(read_frames(probe_film(output), Fraction(25), 5, 6)))
        grey = found.to_ndarray()[:180].astype(float) - 16
        teeth[said] = np.abs(np.diff(grey[8:-8], axis=0)).mean()
        lit = grey[8:-8].mean(axis=0)
        places[said] = float((lit * np.arange(320)).sum() / lit.sum())
    # tinterlace pairs moments 1 and 2, 3 and 4 and so on; what comes out is the first field's.
    moment = 2 * (13 - first_progressive) + 1
    assert places[order] == pytest.approx(moment * step + 29.5, abs=0.7)
    assert places[whole[order]] == pytest.approx((moment + 1) * step + 29.5, abs=0.7)
    assert teeth[order] < 0.5


def _with_a_progressive_start(folder: Path, still, picture, order: str) -> Path:
    """One MPEG-2 film of a progressive picture and of interlaced ones: streams of this kind follow each other."""
    options = {"vcodec": "mpeg2video", "format": "mpeg2video", "qscale": 2, "r": 25, "pix_fmt": "yuv420p"}
    parts = [folder / "still.m2v", folder / "moving.m2v"]
    run(still.output(file_url(parts[0]), **options))
    run(picture.output(file_url(parts[1]), flags="+ilme+ildct", **options))
    stream, film = folder / "film.m2v", folder / f"{order}.mkv"
    stream.write_bytes(b"".join(part.read_bytes() for part in parts))
    run(
        ffmpeg.input(file_url(stream), format="mpegvideo", framerate=25, fflags="+genpts").output(
            file_url(film), vcodec="copy"
        )
    )
    return film


def test_the_fade_changes_the_last_clip_only(tmp_path, film, music):
    ranges = [(30, 42), (60, 80)]
    plain, faded = (make_plan(ranges, frames=120, fade_out=fade) for fade in (0, 24_000))
    names = [[segments.segment_path(tmp_path, "", clip, FAST).name for clip in clips(plan)] for plan in (plain, faded)]
    assert names[0][0] == names[1][0] and names[0][1] != names[1][1]
    output = render(faded, tmp_path, film, music)
    assert read_numbers(output)[0][:21] == expected(faded)[:21]
    with av.open(str(output)) as container:
        bright = [frame.reformat(format="gray").to_ndarray().mean() for frame in container.decode(video=0)]
    # Half a second is twelve frames: the first of them is still as it was, the last is black.
    for step in range(12):
        full = draw_number(68 + step, 320, 180).mean()
        assert bright[20 + step] == pytest.approx(full * (1 - step / 11), abs=3)


def test_the_music_starts_and_ends_on_its_sample(tmp_path, film):
    rate, start = 44_100, 12_345
    clicks = np.zeros((rate * 6, 2), np.float32)
    clicks[start + 2_000 :: 9_973] = 0.8
    wavfile.write(tmp_path / "clicks.wav", rate, clicks)
    plan = make_plan([(10, 70), (80, 110)], frames=120, music_start=start, music_rate=rate)
    output = render(plan, tmp_path, film, tmp_path / "clicks.wav")
    heard = read_audio(output, 48_000, 1)[:, 0]
    length = round(90 / Fraction(24) * 48_000)
    assert 0 <= len(heard) - length < 1024
    wanted = read_audio(tmp_path / "clicks.wav", 48_000, 1)[round(start * 48_000 / rate) :][: len(heard), 0]
    product = np.fft.irfft(np.fft.rfft(heard, 1 << 19) * np.conj(np.fft.rfft(wanted, 1 << 19)))
    assert int(product.argmax()) == 0


def test_the_trailer_names_its_plan(tmp_path, film, music):
    plan = make_plan([(3, 9)], frames=120)
    (tmp_path / "plan.json").write_text(dump_plan(plan), encoding="utf-8")
    digest = hashlib.sha256((tmp_path / "plan.json").read_bytes()).hexdigest()
    with av.open(str(render(plan, tmp_path, film, music))) as container:
        assert container.metadata["comment"] == f"trailergen plan sha256:{digest} as {FAST}"


def test_only_what_changed_is_encoded_again(tmp_path, film, music, monkeypatch):
    encoded = []
    encode = segments.encode_clip
    monkeypatch.setattr(segments, "encode_clip", lambda *a: (encoded.append(a[1].start), encode(*a))[1])
    render(make_plan([(3, 9), (20, 30), (50, 60)], frames=120), tmp_path, film, music)
    assert sorted(encoded) == [3, 20, 50]
    encoded.clear()
    again = make_plan([(3, 9), (70, 80), (50, 60)], frames=120)
    output = render(again, tmp_path, film, music)
    assert encoded == [70]
    assert read_numbers(output)[0] == expected(again)


@pytest.mark.parametrize("kept", [0, 2000])
def test_a_damaged_segment_is_made_again(tmp_path, film, music, kept):
    plan = make_plan([(3, 9), (20, 40)], frames=120)
    render(plan, tmp_path, film, music)
    for segment in tmp_path.glob("work/*.mp4"):
        segment.write_bytes(segment.read_bytes()[:kept])
    assert read_numbers(render(plan, tmp_path, film, music))[0] == expected(plan)


class InterruptedProgress(Progress):
    """A user who presses Ctrl-C at the thirtieth frame."""

    def stage(self, name, total=None):
        left = [30]

        def tick(units):
            left[0] -= units
            if left[0] < 0:
                raise KeyboardInterrupt

        return nullcontext(tick)


def test_an_interrupted_render_leaves_finished_segments_and_goes_on(tmp_path, film, music):
    plan = make_plan([(0, 10), (20, 30), (40, 119)], frames=120)
    with pytest.raises(KeyboardInterrupt):
        render(plan, tmp_path, film, music, progress=InterruptedProgress(ProgressKind.none))
    names = leftovers(tmp_path)
    assert [name for name in names if not name.endswith((".mp4", ".checksum"))] == ["work"]
    assert len(names) <= 7 and "trailer.mp4" not in names
    assert read_numbers(render(plan, tmp_path, film, music))[0] == expected(plan)


KILLED = """
import sys
from pathlib import Path
from trailergen.plans import read_plan
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.rendering.trailer import render_trailer
from trailergen.settings.render import RenderSettings
folder, film, music = map(Path, sys.argv[1:])
render_trailer(read_plan(folder / "plan.json"), folder / "trailer.mp4", film=film, music=music,
               settings=RenderSettings(crf=23, preset="veryfast"), work=folder / "work",
               progress=Progress(ProgressKind.none))
"""


def clip_seals(folder):
    # Those that are still being written begin with a dot.
    return [path for path in folder.glob("work/[!.]*.checksum") if not path.name.endswith(".sound.checksum")]


def test_a_killed_render_goes_on_where_it_was(tmp_path, film, music, monkeypatch):
    plan = make_plan([(start, start + 12) for start in range(0, 120, 12)], frames=120)
    (tmp_path / "plan.json").write_text(dump_plan(plan), encoding="utf-8")
    killed = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path), str(film), str(music)])
    while killed.poll() is None and not clip_seals(tmp_path):
        time.sleep(0.005)
    killed.kill()
    killed.wait()
    finished = len(clip_seals(tmp_path))
    assert 1 <= finished < 10 and not (tmp_path / "trailer.mp4").exists()
    encoded = []
    encode = segments.encode_clip
    monkeypatch.setattr(segments, "encode_clip", lambda *a: (encoded.append(a[1].start), encode(*a))[1])
    assert read_numbers(render(plan, tmp_path, film, music))[0] == expected(plan)
    assert len(encoded) == 10 - finished
    assert [name for name in leftovers(tmp_path) if name.endswith(".part")] == []


def test_what_a_killed_render_left_is_removed(tmp_path, film, music):
    (tmp_path / "work").mkdir()
    for path in (tmp_path / "work/0123.part", part_path(tmp_path / "trailer.mp4")):
        path.write_text("half")
    plan = make_plan([(3, 9)], frames=120)
    render(plan, tmp_path, film, music)
    kept = segments.segment_path(Path("work"), plan.film.sha256, clips(plan)[0], FAST)
    sound = soundtrack_path(plan, FAST, Path("work"))
    files = [file for whole in (kept, sound) for file in (str(whole), str(whole.with_suffix(".checksum")))]
    assert leftovers(tmp_path) == ["trailer.mp4", "work", *sorted(files)]


def test_a_failed_encode_leaves_nothing_and_the_old_output(tmp_path, film, music, monkeypatch):
    monkeypatch.setattr(RenderSettings, "speed", "hurry")  # which x264 does not know
    (tmp_path / "trailer.mp4").write_text("old")
    with pytest.raises(FFmpegError, match="ffmpeg failed"):
        render(make_plan([(3, 9)], frames=120), tmp_path, film, music, settings=RenderSettings())
    assert [name for name in leftovers(tmp_path) if ".sound." not in name] == ["trailer.mp4", "work"]
    assert (tmp_path / "trailer.mp4").read_text() == "old"


@pytest.mark.parametrize("output", ["missing/trailer.mp4", "file/trailer.mp4"])
def test_an_output_that_cannot_be_written_is_refused_before_the_work(tmp_path, film, music, output, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(segments, "encode_clip", lambda *a: pytest.fail("work was done"))
    with pytest.raises(OutputError, match="cannot write"):
        render(make_plan([(3, 9)], frames=120), tmp_path, film, music, name=output)


def test_awkward_names(tmp_path, music):
    folder = tmp_path / "-a b'c\"d%d\ne:\N{BEAR FACE}"
    folder.mkdir()
    film = make_film(folder / "-film %03d:\n\N{BEAR FACE}'.mp4", 60)
    track = folder / "-music %d'\n.wav"
    track.write_bytes(music.read_bytes())
    plan = make_plan([(30, 42), (5, 14)], frames=60)
    output = render(plan, folder, film, track, name="-out %d'\"\n:\N{BEAR FACE}.mp4")
    assert read_numbers(output)[0] == expected(plan)


def test_segments_of_different_encoders_are_not_joined(tmp_path):
    small = make_film(tmp_path / "small.mp4", 12, size=(160, 90))
    large = make_film(tmp_path / "large.mp4", 12)
    with pytest.raises(FFmpegError, match="do not fit"):
        join_segments([small, large], Fraction(24), tmp_path / "joined.mp4")


@pytest.mark.parametrize("codec", ["hevc", "prores"])
def test_other_codecs_are_as_exact(tmp_path, film, music, codec):
    plan = make_plan([(0, 20), (40, 41), (60, 62), (80, 119)], frames=120)
    settings = RenderSettings(codec=codec)
    output = render(plan, tmp_path, film, music, settings=settings, name=f"trailer{settings.kind.suffix}")
    assert read_numbers(output) == (expected(plan), [Fraction(k, 24) for k in range(62)])
    assert probe_film(output).codec == codec
    assert rendered_plan(output) == (plan_sha256(plan), str(settings)) and str(settings) != str(FAST)


def test_h264_without_loss(tmp_path, film, music):
    plan = make_plan([(0, 20), (40, 41), (60, 62)], frames=120)
    output = render(plan, tmp_path, film, music, settings=RenderSettings(crf=0, preset="ultrafast"))
    assert read_numbers(output) == (expected(plan), [Fraction(k, 24) for k in range(23)])
    shown, own = (next(read_frames(probe_film(path), Fraction(24), k, k + 1)).to_ndarray()
                  for path, k in ((output, 20), (film, 40)))  # fmt: skip
    assert (shown == own).all()
