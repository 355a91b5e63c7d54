"""Choice of a trailer's pictures: music, features, model and style."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar, Literal

from trailergen.errors import UsageError
from trailergen.settings.group import Group
from trailergen.settings.option import option
from trailergen.settings.transitions import TransitionWish, check_transitions, read_transitions
from trailergen.timebase import Moment, Timecode, parse_moment

MAX_SEED = 2**62
LEAST_PIXELS = 32
"""Of a smaller picture it cannot be seen if it is the film's."""
Segmentation = Literal["onsets", "paper"]
ViewsName = Literal["fast", "paper"]
Shape = Literal["9:16", "1:1", "4:5", "16:9", "film"]
"""Width to height of a trailer; ``film`` is the film's own."""
Decoder = Literal["scheduled", "paper", "greedy"]
MethodName = Literal[
    "ssmp",
    "vasnet",
    "vasnet-labels",
    "clip-it",
    "otvs",
    "muvee",
    "m2t",
    "v2t",
    "ppbvam",
    "ipot",
    "mmsc",
    "tgt",
    "random",
    "uniform",
]
SSMP: MethodName = "ssmp"
TimeRange = tuple[Moment, Moment]

_MUSIC, _SENSE, _TRAILER = "Music and cuts", "Film sense", "Trailer"


def read_ranges(text: str) -> tuple[TimeRange, ...]:
    """``0:00-0:30,1:02:00:12-1:05:30:00`` as pairs of times. Raises UsageError; its text follows the option's name."""
    found = []
    for part in text.split(","):
        start, dash, end = part.partition("-")
        try:
            if not dash:
                raise UsageError("a range has a dash")
            first, last = parse_moment(start), parse_moment(end)
        except UsageError as error:
            raise UsageError("is no range", error.what, "write it like 0:00-0:30") from error
        if _ends_before(first, last):
            raise UsageError("does not end after it begins")
        found.append((first, last))
    return tuple(found)


def show_range(times: TimeRange) -> str:
    """A range as ``read_ranges`` reads it, to the microsecond."""
    return "-".join(_show_moment(moment) for moment in times)


def _show_moment(moment: Moment) -> str:
    return str(moment) if isinstance(moment, Timecode) else f"{float(moment):.6f}".rstrip("0").rstrip(".")


def _moment(given: Any) -> Moment:
    """A time of a range that is no text, or a fraction's. Raises ValueError and TypeError."""
    if isinstance(given, Timecode):
        return given
    if isinstance(given, str) and ":" in given:
        return parse_moment(given)
    found = Fraction(given)
    if found < 0:
        raise ValueError("begins before the film")
    return found


def _ends_before(first: Moment, last: Moment) -> bool:
    """False where only the film's rate could tell."""
    return isinstance(first, Fraction) and isinstance(last, Fraction) and first >= last


def _check_ranges(value: Any) -> tuple[TimeRange, ...]:
    if isinstance(value, str):
        return read_ranges(value)
    ranges: list[TimeRange] = []
    for part in value:
        if isinstance(part, str):
            ranges += read_ranges(part)
            continue
        first, last = (_moment(edge) for edge in part)
        if _ends_before(first, last):
            raise ValueError("does not end after it begins")
        ranges.append((first, last))
    return tuple(ranges)


@dataclass(frozen=True)
class PlanSettings(Group):
    """Cuts of the music, features and model, what may be shown, and the picture's size.

    ``length`` and ``cut_length`` are in seconds, ``bans`` ranges in seconds of the film; ``spoiler_free`` is a share of
    the film, ``height`` is in pixels. ``style`` None is the decoder's own, ``checkpoint`` None the starter.

    Raises:
        UsageError: a style or a decoder of SSMP is asked of another method.
    """

    panel: ClassVar[str] = _TRAILER

    length: float | None = option(
        None,
        help="Length of the trailer. The part of the music that suits best is taken.",
        unit="SECONDS",
        least=2,
        panel=_TRAILER,
        default_text="all of the music",
    )
    cut_length: float = option(2.0, help="Mean length of a clip.", unit="SECONDS", least=0.75, most=30, panel=_MUSIC)
    segmentation: Segmentation = option(
        "onsets", help="Cut the music at its onsets, or exactly as the authors of the paper did.", panel=_MUSIC
    )
    encoder: str = option(
        "auto",
        help="What turns shots into features: builtin, efficientnet, openclip[:MODEL/TAG], openclip-fast, imagebind. "
        "auto takes the best one that is installed.",
        unit="NAME",
        panel=_SENSE,
    )
    views: ViewsName = option(
        "fast", help="Show the encoder three pictures of a shot, or fifteen as the paper does.", panel=_SENSE
    )
    method: MethodName = option(
        SSMP,
        help="Who chooses the shots: SSMP, or another method of its field, to compare with (docs/baselines.md).",
        panel=_SENSE,
    )
    decoder: Decoder = option(
        "scheduled",
        help="How positions are filled: in a fixed number of passes, by Algorithm 1 of the paper, or greedily.",
        panel=_SENSE,
    )
    style: str | None = option(
        None,
        help="An editor's rules: story, montage, teaser, none (the model alone), or a file of weights.",
        unit="NAME|FILE.toml",
        panel=_SENSE,
        default_text="story",
        file_suffix=".toml",
    )
    checkpoint: Path | None = option(
        None,
        help="A model that `trailergen train` made, of SSMP or of the --method.",
        unit="FILE",
        panel=_SENSE,
        default_text="the one that comes with trailergen",
    )
    seed: int = option(
        0, help="Random seed. Another seed makes another trailer.", unit="N", least=0, most=MAX_SEED, panel=_TRAILER
    )
    bans: tuple[TimeRange, ...] = option(
        (),
        help="Film time that is never shown. Repeat the option, or put commas between ranges.",
        name="ban",
        unit="FROM-TO",
        example="0:00-0:30",
        read=read_ranges,
        write=show_range,
        check=_check_ranges,
        adds=True,
        panel=_TRAILER,
    )
    shots: Path | None = option(
        None,
        help="The shots of the film by a list of yours: a CSV, an EDL or an OpenTimelineIO timeline.",
        unit="FILE",
        panel=_TRAILER,
        default_text="the shots that are found",
    )
    flags: Path | None = option(
        None,
        help="A CSV of shots or time ranges and their flags, which overrule those that were found.",
        unit="FILE.csv",
        panel=_TRAILER,
        default_text="the flags that are found",
    )
    spoiler_free: float | None = option(
        None,
        help="Show nothing after this share of the film, as 0.7.",
        unit="SHARE",
        least=0.05,
        most=1,
        panel=_TRAILER,
        default_text="all of the film may be shown",
    )
    height: int | None = option(
        None,
        help="Height of the trailer's picture.",
        unit="PIXELS",
        least=LEAST_PIXELS,
        most=8640,
        panel=_TRAILER,
        default_text="the film's",
    )
    transitions: tuple[TransitionWish, ...] = option(
        (),
        help="A dissolve or a dip to black of so many frames where a position begins, as 7, or at every act's turn; "
        "cut@7 is none.",
        name="transition",
        unit="KIND:FRAMES@PLACE",
        example="dissolve:12@act",
        read=read_transitions,
        write=str,
        check=check_transitions,
        adds=True,
        panel=_TRAILER,
    )
    shape: Shape | None = option(
        None,
        help="Shape of the picture, width to height: the part of the film's with the subject is shown.",
        panel=_TRAILER,
        default_text="the film's",
    )
    crop_bars: bool = option(False, help="Leave out the film's letterbox or pillarbox.", panel=_TRAILER)

    def check(self) -> None:
        """Raises UsageError for a style or a decoder of a method that has none."""
        if self.method == SSMP:
            return
        for name, given in (("style", self.style not in (None, "none")), ("decoder", self.decoder != "scheduled")):
            if given:
                raise UsageError(
                    f"--{name} is SSMP's, and --method {self.method} has none", hint="leave one of the two out"
                )
