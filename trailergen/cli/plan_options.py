"""The options of every command that makes a plan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trailergen.cli import options as o
from trailergen.cli.narration_options import NarrationOptions
from trailergen.errors import UsageError
from trailergen.features.views import Views

if TYPE_CHECKING:
    from trailergen.settings.plan import PlanSettings


class Decoder(StrEnum):
    """How the trailer is filled: the default, Algorithm 1 of the paper, or the greedy one of its Table 5."""

    scheduled = "scheduled"
    paper = "paper"
    greedy = "greedy"


class FilmAudio(StrEnum):
    """What is heard of the film: nothing, its lines, or the clips' own sound too, 15 dB softer or as it is."""

    none = "none"
    lines = "lines"
    low = "low"
    full = "full"


@dataclass(frozen=True)
class PlanOptions:
    """Everything but the length, of which ``make`` takes several."""

    cut_length: o.CutLengthOption = 2.0
    segmentation: o.SegmentationOption = o.Segmentation.onsets
    encoder: o.EncoderOption = "auto"
    views: o.ViewsOption = Views.fast
    decoder: Annotated[Decoder, typer.Option(help="How the trailer is filled.")] = Decoder.scheduled
    style: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE.toml",
            help="An editor's rules: story (default), montage, teaser, none (the model alone), or a file of weights.",
        ),
    ] = None
    checkpoint: o.CheckpointOption = None
    seed: Annotated[int, typer.Option(min=0, max=o.MAX_SEED, help="Another seed, another trailer.")] = 0
    ban: Annotated[
        list[str] | None,
        typer.Option(metavar="FROM-TO", help="Film time never shown, e.g. 0:00-0:30; repeat or use commas."),
    ] = None
    spoiler_free: Annotated[
        float | None,
        typer.Option(min=0.05, max=1.0, metavar="SHARE", help="Show nothing after this share of the film."),
    ] = None
    height: Annotated[int | None, typer.Option(min=2, max=8640, help="Picture height; the film's by default.")] = None
    crop_bars: Annotated[bool, typer.Option("--crop-bars", help="Leave out the film's letterbox.")] = False

    def settings(self, length: float | None, sound: SoundOptions, narration: NarrationOptions) -> PlanSettings:
        """The settings of a plan of ``length`` seconds. Raises UsageError."""
        from trailergen.settings.plan import PlanSettings

        for name, number in (
            ("--length", length),
            ("--cut-length", self.cut_length),
            ("--spoiler-free", self.spoiler_free),
        ):
            if number is not None and not math.isfinite(number):
                raise UsageError(f"{name} {number} is no number of seconds or share")
        return PlanSettings(
            length=length,
            cut_length=self.cut_length,
            segmentation=self.segmentation.value,
            encoder=self.encoder,
            views=self.views.value,
            decoder=self.decoder.value,
            style=self.style,
            checkpoint=self.checkpoint,
            seed=self.seed,
            bans=o.parse_ranges(self.ban or []),
            spoiler_free=self.spoiler_free,
            height=self.height,
            crop_bars=self.crop_bars,
            **sound.given(),
            narration=narration.settings(),
        )


@dataclass(frozen=True)
class SoundOptions:
    """How the trailer sounds; None for what nobody said, the defaults of a new plan, or what a plan has."""

    loudness: Annotated[
        str | None,
        typer.Option(metavar="LUFS", help="Loudness of the trailer, -40 to -5 (-14); off leaves the music's."),
    ] = None
    film_audio: Annotated[
        FilmAudio | None, typer.Option(help="What is heard of the film beside the music (lines).")
    ] = None
    film_track: Annotated[
        str | None, typer.Option(metavar="LANG|INDEX", help="Which of the film's sound tracks; the best by default.")
    ] = None
    duck: Annotated[
        float | None, typer.Option(metavar="DB", min=0, max=60, help="How far the music falls under lines (12).")
    ] = None

    def given(self) -> dict[str, Any]:
        """What was said, as fields of ``PlanSettings``. Raises UsageError."""
        given: dict[str, Any] = {
            "film_audio": self.film_audio and self.film_audio.value,
            "film_track": self.film_track,
            "duck": self.duck,
        }
        given = {name: value for name, value in given.items() if value is not None}
        return given if self.loudness is None else given | {"loudness": _loudness(self.loudness)}


def _loudness(text: str) -> float | None:
    """In LUFS, None for ``off``. Raises UsageError."""
    if text == "off":
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not -40 <= value <= -5:
        raise UsageError(f"--loudness {text!r} is no loudness", hint="write LUFS from -40 to -5, like -14, or off")
    return value
