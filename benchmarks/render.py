"""Rendering a plan against one ffmpeg process with a concat graph and the same encoder settings.

    python benchmarks/render.py PLAN [--runs 3]
    python benchmarks/render.py PLAN --revised REVISED [--runs 3]

The verification of the result is left out on our side, since the peer has none; nothing is cached between runs. With
--revised, a revision of the plan is rendered after the plan was, against rendering it from nothing, and the two
results are compared frame by frame.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import av
import ffmpeg
from pairs import compare, machine

from trailergen.media.ffmpeg import file_url, run
from trailergen.plan import Plan, read_plan
from trailergen.progress import Progress, ProgressKind
from trailergen.render import trailer
from trailergen.render.codec import RenderSettings


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


def render(plan: Plan, output: Path, work: Path) -> None:
    trailer.render_trailer(
        plan,
        output,
        film=Path(plan.film.path),
        music=Path(plan.music.path),
        settings=RenderSettings(crf=18, preset="medium"),
        work=work,
        progress=Progress(ProgressKind.none),
    )


def ours(plan: Plan, output: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        render(plan, output, Path(work))


def digest(path: Path) -> str:
    """SHA-256 over all frames of a video."""
    total = hashlib.sha256()
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            total.update(frame.to_ndarray())
    return total.hexdigest()


def partly(plan: Plan, revised: Plan, runs: int, folder: Path) -> str:
    """The table of rendering a revision after its plan, against rendering it from nothing."""
    warm = folder / "warm"
    warm.mkdir()
    render(plan, folder / "plan.mp4", warm)

    def after() -> None:
        # The segments of the plan alone, as a first render of the revision finds them.
        work = folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(warm, work, copy_function=os.link)
        render(revised, folder / "partly.mp4", work)

    table = compare(after, lambda: ours(revised, folder / "whole.mp4"), ("after the plan", "from nothing"), runs)
    same = digest(folder / "partly.mp4") == digest(folder / "whole.mp4")
    new = len({p.shot for p in revised.positions} - {p.shot for p in plan.positions})
    return f"{new} shots are new; the results are {'the same' if same else 'NOT the same'} frame by frame\n\n{table}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--revised", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    plan = read_plan(arguments.plan)
    trailer.verify_trailer = lambda *_, **__: None
    with tempfile.TemporaryDirectory() as folder:
        if arguments.revised:
            table = partly(plan, read_plan(arguments.revised), arguments.runs, Path(folder))
        else:
            table = compare(
                lambda: ours(plan, Path(folder, "ours.mp4")),
                lambda: concat_graph(plan, Path(folder, "concat.mp4")),
                ("trailergen render", "one ffmpeg, concat graph"),
                arguments.runs,
            )
    print(f"{len(plan.positions)} clips, {plan.sequence.frames} frames; {machine()}\n\n{table}")


if __name__ == "__main__":
    main()
