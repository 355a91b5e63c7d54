"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.errors import TrailergenError, UsageError
from trailergen.features.views import Views
from trailergen.runtime.device import Device, Hwaccel
from trailergen.runtime.models import Models
from trailergen.runtime.progress import ProgressKind
from trailergen.runtime.threads import limit_threads

if TYPE_CHECKING:
    from trailergen.session import Session


class Segmentation(StrEnum):
    """How the music is cut: at onsets, or exactly as the authors of the paper did."""

    onsets = "onsets"
    paper = "paper"


# Whether a file can be read is for the code that reads it to say: exit code 3, not 2.
FilmArgument = Annotated[
    Path, typer.Argument(metavar="FILM", readable=False, help="The film: any file ffmpeg can read.")
]
TrackArgument = Annotated[
    Path, typer.Argument(metavar="TRACK", readable=False, help="The music: any file ffmpeg can read.")
]
PlanArgument = Annotated[
    Path, typer.Argument(metavar="PLAN", readable=False, help="A plan file, as `plan` or `make` writes it.")
]
MusicOption = Annotated[
    Path, typer.Option("--music", "-m", metavar="TRACK", readable=False, help="The music under the trailer.")
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where the result goes.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace results that exist.")]
CacheOption = Annotated[Path | None, typer.Option("--cache-dir", metavar="DIR", help="Where finished stages are kept.")]
ProgressOption = Annotated[ProgressKind, typer.Option("--progress", help="How progress is shown, on stderr.")]
DeviceOption = Annotated[Device, typer.Option("--device", help="Where the models run.")]

LengthOption = Annotated[
    float | None, typer.Option("--length", min=2.0, help="Seconds; takes the part of the music that suits best.")
]
CutLengthOption = Annotated[float, typer.Option("--cut-length", min=0.75, max=30.0, help="Mean seconds per clip.")]
SegmentationOption = Annotated[Segmentation, typer.Option("--segmentation", help="How the music is cut.")]
EncoderOption = Annotated[
    str,
    typer.Option(
        "--encoder",
        help="What turns shots into features: builtin, efficientnet, openclip[:MODEL/TAG], openclip-fast, imagebind.",
    ),
]
ViewsOption = Annotated[Views, typer.Option("--views", help="How much of a shot the encoder is shown.")]
CheckpointOption = Annotated[
    Path | None,
    typer.Option("--checkpoint", metavar="FILE", help="A model `trailergen train` made; the starter by default."),
]
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", min=1, metavar="N", help="Processor cores to use; all by default.")
]
HwaccelOption = Annotated[Hwaccel, typer.Option("--hwaccel", help="What decodes the film while it is analysed.")]
MAX_SEED = 2**62
OfflineOption = Annotated[bool, typer.Option("--offline", help="Never open a network connection.")]


def open_session(
    cache_dir: Path | None,
    progress: ProgressKind,
    device: Device = Device.cpu,
    offline: bool = False,
    threads: int | None = None,
    hwaccel: Hwaccel = Hwaccel.none,
    models: Models | None = None,
) -> Session:
    """The cache, display and processor of one run, and the models that are loaded already."""
    limit_threads(threads)
    if offline:
        from trailergen.runtime.offline import forbid_network

        forbid_network()
    from trailergen.runtime.cache import StageCache, default_cache_dir
    from trailergen.runtime.progress import Progress
    from trailergen.session import Session

    return Session(
        StageCache(cache_dir or default_cache_dir()), Progress(progress), device, hwaccel, models or Models()
    )


def parse_ranges(texts: list[str]) -> tuple[tuple[Fraction, Fraction], ...]:
    """``0:00-0:30,1:02:00-1:05:30`` as pairs of seconds. Raises UsageError."""
    from trailergen.timebase import parse_time

    ranges = []
    for text in (part for given in texts for part in given.split(",")):
        start, dash, end = text.partition("-")
        try:
            if not dash:
                raise UsageError("a range has a dash")
            first, last = parse_time(start), parse_time(end)
        except UsageError as error:
            raise UsageError(f"--ban {text!r} is no range", error.what, "write it like 0:00-0:30") from error
        if first >= last:
            raise UsageError(f"--ban {text!r} does not end after it begins")
        ranges.append((first, last))
    return tuple(ranges)


def check_output(output: Path, suffix: str, inputs: tuple[Path, ...]) -> None:
    """Find out before the work whether a result can be written. Raises OutputError or UsageError."""
    import os

    from trailergen.errors import OutputError

    try:
        output.lstat()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise OutputError(f"cannot write {output}", error.strerror, "give another name with --output") from error
    if output.is_dir():
        raise OutputError(f"{output} is a folder", hint=f"name a file in it, ending in {suffix}")
    if output.suffix.lower() != suffix:
        raise UsageError(f"the output {output} must end in {suffix}")
    if not output.parent.is_dir():
        raise OutputError(f"there is no folder {output.parent}", hint="make it first")
    if not os.access(output.parent, os.W_OK):
        raise OutputError(f"cannot write into {output.parent}", hint="choose another place with --output")
    if any(given.exists() and output.exists() and output.samefile(given) for given in inputs):
        raise UsageError(f"the output {output} is an input")


def present(output: Path) -> bool:
    """Whether something lies there that would be replaced; a dangling link is something too."""
    import os

    return os.path.lexists(output)


def exists_error(output: Path) -> TrailergenError:
    """What to say of a result that would be replaced."""
    from trailergen.errors import OutputError

    return OutputError(f"{output} exists", "results are not replaced unasked", "choose another --output, or --force")


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all. Raises OutputError."""
    from trailergen.runtime.cache import atomic_output

    with atomic_output(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
