"""Rendering 30 clips against one ffmpeg process with a concat graph, against moviepy, and against what the authors'
code does: each clip encoded, encoded again with its fades, and all joined. Encoder settings are the same everywhere.

Verification is left out on our side, since no peer has one; nothing is cached between runs.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import ffmpeg
from moviepy import AudioFileClip, VideoFileClip, concatenate_videoclips
from pairs import measure
from rows import Material, Row, alone

from trailergen.media.ffmpeg import file_url, run
from trailergen.plans import Plan
from trailergen.rendering import trailer
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.runtime.threads import cores
from trailergen.settings.render import RenderSettings

ENCODER = {"vcodec": "libx264", "crf": 18, "preset": "medium"}
SOUND = {"acodec": "aac", "audio_bitrate": "256k"}
FADE_S = 0.1


def rows(material: Material) -> list[Row]:
    plan, folder = material.plan, material.folder
    # The peers do not look at what they made.
    checked, trailer.verify_trailer = trailer.verify_trailer, lambda *_, seen, **__: seen
    try:
        peers: list[tuple[Callable[[Plan, Path], object], str, float, bool]] = [
            (concat_graph, "one ffmpeg, concat graph", 1.1, False),
            (with_moviepy, "moviepy", 1.5, True),
            (clip_by_clip, "clips encoded, faded, joined", 3.0, True),
        ]
        found = []
        for peer, name, target, more in peers:
            pairs = []
            for run_number in range(material.runs if peer is concat_graph else 1):
                theirs, _ = measure(lambda peer=peer, at=run_number: peer(plan, folder / f"{peer.__name__}{at}.mp4"))
                wall, _ = measure(lambda: ours(plan, folder / "ours.mp4"))
                pairs.append((wall, theirs))
            ratio = statistics.median(theirs / wall if more else wall / theirs for wall, theirs in pairs)
            wall, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
            found.append(
                Row(
                    f"render, {len(plan.positions)} clips: {name}",
                    f"{wall:.1f} s against {theirs:.1f} s",
                    ratio,
                    target,
                    more,
                )
            )
        return found
    finally:
        trailer.verify_trailer = checked


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


def spans(plan: Plan) -> list[tuple[float, float]]:
    """Start and length of the clips in seconds of the film."""
    rate = plan.film.rate
    return [(float(p.source.start / rate), float(len(p.source) / rate)) for p in plan.positions]


def concat_graph(plan: Plan, output: Path) -> None:
    inputs = [ffmpeg.input(file_url(Path(plan.film.path)), ss=start, t=length) for start, length in spans(plan)]
    music = ffmpeg.input(file_url(Path(plan.music.path)), t=float(plan.sequence.frames / plan.film.rate))
    picture = ffmpeg.concat(*(clip.video for clip in inputs), v=1, a=0)
    run(ffmpeg.output(picture, music.audio, file_url(output), movflags="+faststart", **ENCODER, **SOUND))


def with_moviepy(plan: Plan, output: Path) -> None:
    with VideoFileClip(plan.film.path, audio=False) as film, AudioFileClip(plan.music.path) as music:
        clips = [film.subclipped(start, start + length) for start, length in spans(plan)]
        joined = concatenate_videoclips(clips)
        joined = joined.with_audio(music.subclipped(0, min(joined.duration, music.duration)))
        joined.write_videofile(
            str(output),
            codec="libx264",
            preset="medium",
            ffmpeg_params=["-crf", "18"],
            audio_codec="aac",
            audio_bitrate="256k",
            threads=cores(),
            logger=None,
        )


def clip_by_clip(plan: Plan, output: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        faded = []
        for number, (start, length) in enumerate(spans(plan)):
            cut, soft = (Path(folder, f"{kind}{number}.mp4") for kind in ("cut", "soft"))
            run(
                ffmpeg.output(
                    ffmpeg.input(file_url(Path(plan.film.path)), ss=start, t=length).video, file_url(cut), **ENCODER
                )
            )
            picture = ffmpeg.input(file_url(cut)).video.filter("fade", t="in", d=FADE_S)
            picture = picture.filter("fade", t="out", st=max(0.0, length - FADE_S), d=FADE_S)
            run(ffmpeg.output(picture, file_url(soft), **ENCODER))
            faded.append(soft)
        script = Path(folder, "list.txt")
        script.write_text("".join(f"file '{path}'\n" for path in faded))
        joined = ffmpeg.input(str(script), f="concat", safe=0)
        music = ffmpeg.input(file_url(Path(plan.music.path)), t=float(plan.sequence.frames / plan.film.rate))
        run(ffmpeg.output(joined.video, music.audio, file_url(output), vcodec="copy", **SOUND))


if __name__ == "__main__":
    alone(rows, __doc__)
