"""Lines of the film: their source, number, narrator and placement."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from trailergen.errors import UsageError
from trailergen.settings.group import Group
from trailergen.settings.option import option

LineCount = Literal["off", "auto"] | int
Narrator = Literal["extractive", "llm", "auto"]
Captioner = Literal["dialogue", "minicpm"]
Transcriber = Path | str
"""``auto``, ``off``, the name of a model; or a file, or a model's folder."""

_MOST_LINES = 999
_MOST_OFFSET_S = 1_000_000


def _check_lines(value: Any) -> LineCount:
    if value == "off" or value == "auto":
        return "off" if value == "off" else "auto"
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= len(str(_MOST_LINES)):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_LINES:
        raise ValueError("is no number of lines")
    return value


_FILES = (".json", ".srt", ".vtt")


def _check_transcriber(value: Any) -> Transcriber:
    """Texts that look like a path become one: names of models have neither slashes nor the endings of transcripts."""
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value:
        raise ValueError("is no model and no file")
    named = any(separator in value for separator in "/\\") or value.lower().endswith(_FILES)
    return Path(value) if named else value


def _check_language(value: Any) -> str:
    import re

    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", value):
        raise ValueError("is no language")
    return value


@dataclass(frozen=True)
class NarrationSettings(Group):
    """The lines that are heard over the trailer.

    ``subtitles`` is a file of its own, else ``track`` the index or the language of a stream in the film's; ``lines`` is
    how many there are to be, ``auto`` for one in eight seconds; ``subtitle_offset`` None is 0, or what a plan has.
    """

    panel: ClassVar[str] = "Lines"

    subtitles: Path | None = option(
        None, help="Subtitles of the film.", unit="FILE", default_text="those in the film's file"
    )
    track: str | None = option(
        None,
        help="Which subtitles in the film's file, as en or 3.",
        name="subtitle-track",
        unit="LANG|INDEX",
        default_text="those in the language of the sound",
    )
    subtitle_offset: float | None = option(
        None,
        help="Take subtitles for so much later than they say, or earlier where negative.",
        unit="SECONDS",
        least=-_MOST_OFFSET_S,
        most=_MOST_OFFSET_S,
        default_text="0; of a plan that is revised what it has",
    )
    transcribe: Transcriber = option(
        "auto",
        help="Write down what is said in the film: by a model of `weights list`, or one in a folder; or take the "
        "transcript of another Whisper. auto does so where a film has no subtitles and a model is installed.",
        unit="auto|off|MODEL|FILE",
        example="auto, off, whisper-small or film.json",
        check=_check_transcriber,
    )
    spoken_language: str | None = option(
        None,
        help="Language that is spoken in a film that is transcribed, as en.",
        unit="LANG",
        example="en",
        check=_check_language,
        default_text="that of the sound, or what is heard",
    )
    lines: LineCount = option(
        "auto",
        help="How many lines of the film are heard; auto is one in eight seconds.",
        name="narration",
        unit="off|auto|N",
        example="off, auto or 0 to 999",
        check=_check_lines,
    )
    narrator: Narrator = option(
        "extractive",
        help="Who chooses the lines: trailergen alone, a language model, which is sent the subtitles, or (auto) that "
        "model where one is configured.",
    )
    captioner: Captioner = option(
        "dialogue",
        help="What lines are compared with to be placed: the words spoken around each clip, or MiniCPM-V's captions.",
        aliases=("describer",),
    )
    run_over: bool = option(False, help="Let lines be longer than the clip they begin with.")

    def check(self) -> None:
        """Raises UsageError for two sources of lines."""
        if self.subtitles is not None and self.track is not None:
            raise UsageError("--subtitles and --subtitle-track name two sources of the lines", hint="give one of them")
        if self.transcribe not in ("auto", "off") and (self.subtitles is not None or self.track is not None):
            raise UsageError("--transcribe and subtitles name two sources of the lines", hint="give one of them")
