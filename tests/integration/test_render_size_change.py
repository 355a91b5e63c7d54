"""A film whose pictures change their size in the middle."""

from __future__ import annotations

import ffmpeg
from counterfilm import make_film, make_plan, read_numbers

from trailergen.media.ffmpeg import file_url, run
from trailergen.rendering.trailer import render_trailer
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings


def test_a_film_whose_size_changes_in_the_middle(tmp_path):
    """Broadcasts do so: the whole trailer has the first picture's size, and every picture fills it."""
    parts = []
    for number, size in enumerate([(320, 180), (640, 360)]):
        part = make_film(tmp_path / f"{number}.mp4", 48, size=size)
        parts.append(tmp_path / f"{number}.ts")
        run(ffmpeg.input(file_url(part)).output(file_url(parts[-1]), vcodec="copy", output_ts_offset=10 + 2 * number))
    film = tmp_path / "film.ts"
    film.write_bytes(b"".join(part.read_bytes() for part in parts))
    track = tmp_path / "track.wav"
    run(ffmpeg.input("sine=duration=9", format="lavfi").output(file_url(track)))
    output = tmp_path / "trailer.mp4"
    plan = make_plan([(56, 70), (10, 30), (40, 56)], frames=96)
    quiet, settings = Progress(ProgressKind.none), RenderSettings(crf=23, preset="veryfast")
    render_trailer(plan, output, film=film, music=track, settings=settings, work=tmp_path / "work", progress=quiet)
    numbers, _ = read_numbers(output)
    assert numbers == [*range(8, 22), *range(10, 30), *range(40, 48), *range(8)]
