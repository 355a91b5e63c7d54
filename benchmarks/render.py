"""Rendering a plan against one ffmpeg process with a concat graph and the same encoder settings.

    python benchmarks/render.py PLAN [--runs 3]

The verification of the result is left out on our side, since the peer has none; nothing is cached between runs.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import ffmpeg
from pairs import compare, machine

from trailergen.media.ffmpeg import file_url, run
from trailergen.plan import Plan, read_plan
from trailergen.progress import Progress, ProgressKind
from trailergen.render import trailer
from trailergen.render.video import RenderSettings


def concat_graph(plan: Plan, output: Path) -> None:
    rate = plan.film.rate
    inputs = [
        ffmpeg.input(file_url(Path(plan.film.path)), ss=float(p.source.start / rate), t=float(len(p.source) / rate))
        for p in plan.positions
    ]
    music = ffmpeg.input(file_url(Path(plan.music.path)), t=float(plan.sequence.frames / rate))
    picture = ffmpeg.concat(*(clip.video for clip in inputs), v=1, a=0)
    options = {"vcodec": "libx264", "crf": 18, "preset": "medium", "acodec": "aac", "audio_bitrate": "256k"}
    run(ffmpeg.output(picture, music.audio, file_url(output), movflags="+faststart", **options))


def ours(plan: Plan, output: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        trailer.render_trailer(
            plan,
            output,
            film=Path(plan.film.path),
            music=Path(plan.music.path),
            settings=RenderSettings(crf=18, preset="medium"),
            work=Path(work),
            progress=Progress(ProgressKind.none),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    plan = read_plan(arguments.plan)
    trailer.verify_trailer = lambda *_, **__: None
    with tempfile.TemporaryDirectory() as folder:
        table = compare(
            lambda: ours(plan, Path(folder, "ours.mp4")),
            lambda: concat_graph(plan, Path(folder, "concat.mp4")),
            ("trailergen render", "one ffmpeg, concat graph"),
            arguments.runs,
        )
    print(f"{len(plan.positions)} clips, {plan.sequence.frames} frames; {machine()}\n\n{table}")


if __name__ == "__main__":
    main()
