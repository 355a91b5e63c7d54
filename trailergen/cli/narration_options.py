"""The options of every command that gives a trailer lines of the film."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trailergen.errors import UsageError

if TYPE_CHECKING:
    from trailergen.dialogue.endpoint import Endpoint
    from trailergen.settings.narration import NarrationSettings


class Narrator(StrEnum):
    """Who chooses the lines: this program alone, a language model, or the second where one is configured."""

    extractive = "extractive"
    llm = "llm"
    auto = "auto"


class Describer(StrEnum):
    """What a clip is described by: what is said around it, or MiniCPM-V's sentence."""

    dialogue = "dialogue"
    minicpm = "minicpm"


@dataclass(frozen=True)
class NarrationOptions:
    """Which lines of the film are heard, and where."""

    subtitles: Annotated[
        Path | None,
        typer.Option(metavar="FILE", readable=False, help="What is said in the film; by default what its file holds."),
    ] = None
    subtitle_track: Annotated[
        str | None, typer.Option(metavar="LANG|INDEX", help="Which subtitles in the film's file, as en or 3.")
    ] = None
    narration: Annotated[
        str | None, typer.Option(metavar="off|auto|N", help="How many lines are heard (auto: one in eight seconds).")
    ] = None
    narrator: Annotated[Narrator, typer.Option(help="Who chooses them; llm sends the subtitles to --llm-url.")] = (
        Narrator.extractive
    )
    llm_url: Annotated[
        str | None,
        typer.Option(metavar="URL", envvar="TRAILERGEN_LLM_URL", help="A server of OpenAI's protocol; DeepSeek's."),
    ] = None
    llm_model: Annotated[
        str | None, typer.Option(metavar="NAME", envvar="TRAILERGEN_LLM_MODEL", help="Its model; deepseek-chat.")
    ] = None
    llm_key: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            envvar="TRAILERGEN_LLM_KEY",
            show_default=False,
            help="Its key; better given by the environment, where other users do not see it.",
        ),
    ] = field(default=None, repr=False)
    describer: Annotated[Describer, typer.Option(help="What clips are compared with lines by.")] = Describer.dialogue
    run_over: Annotated[bool, typer.Option("--run-over", help="Lines may be longer than the clip they begin with.")] = (
        False
    )

    def settings(self) -> NarrationSettings:
        """The settings of a narration. Raises UsageError."""
        from trailergen.settings.narration import NarrationSettings

        if self.subtitles is not None and self.subtitle_track is not None:
            raise UsageError("--subtitles and --subtitle-track name two sources of the lines", hint="give one of them")
        return NarrationSettings(
            subtitles=self.subtitles,
            track=self.subtitle_track,
            lines=self.parsed_lines(),
            narrator=self.narrator.value,
            describer=self.describer.value,
            run_over=self.run_over,
        )

    def parsed_lines(self) -> int | Literal["off", "auto"]:
        """How many lines, ``off`` or ``auto``, which is what nobody said. Raises UsageError."""
        words: dict[str | None, Literal["off", "auto"]] = {"off": "off", "auto": "auto", None: "auto"}
        if self.narration is None or self.narration in words:
            return words[self.narration]
        if not (self.narration.isascii() and self.narration.isdecimal() and len(self.narration) <= 3):
            raise UsageError(
                f"--narration {self.narration!r} is no number of lines", hint="write off, auto or 0 to 999"
            )
        return int(self.narration)

    def asked(self) -> list[str]:
        """The options by which a revision chooses lines anew, as they were given; the key is none of them."""
        given = {
            "--subtitles": self.subtitles and self.subtitles.name,
            "--subtitle-track": self.subtitle_track,
            "--narration": self.narration,
            "--narrator": None if self.narrator is Narrator.extractive else self.narrator.value,
            "--describer": None if self.describer is Describer.dialogue else self.describer.value,
        }
        return [f"{option} {value}" for option, value in given.items() if value] + ["--run-over"] * self.run_over

    def endpoint(self) -> Endpoint | None:
        """The language model's server; None where none is asked for, or ``auto`` finds none.

        Raises UsageError where one that is asked for cannot be asked: before the film is looked at, not hours later.
        """
        if self.narrator is Narrator.extractive:
            return None
        import os

        from trailergen.dialogue.endpoint import find_endpoint, no_endpoint

        try:
            found = find_endpoint(self.llm_url, self.llm_model, self.llm_key, os.environ)
            if found is None:
                raise no_endpoint()
            found.check()
            return found
        except UsageError:
            if self.narrator is Narrator.auto:
                return None
            raise
