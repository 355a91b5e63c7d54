"""The command lines a storyboard shows, quoted for a POSIX shell."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from trailergen.plans import Plan
from trailergen.settings.narration import NarrationSettings
from trailergen.settings.plan import PlanSettings
from trailergen.style.styles import STYLES, Style, usual_style

# Settings of a plan by the option that gives them, in the order of `trailergen make --help`.
_OPTIONS = {
    "length": "--length",
    "cut_length": "--cut-length",
    "segmentation": "--segmentation",
    "encoder": "--encoder",
    "views": "--views",
    "decoder": "--decoder",
    "checkpoint": "--checkpoint",
    "spoiler_free": "--spoiler-free",
    "height": "--height",
    "loudness": "--loudness",
    "film_audio": "--film-audio",
    "film_track": "--film-track",
    "duck": "--duck",
    "card_font": "--card-font",
}
_NARRATION = {
    "track": "--subtitle-track",
    "lines": "--narration",
    "narrator": "--narrator",
    "describer": "--describer",
}
# Beside these, as their line breaks are not typed as such.
_TEXTS = {"title": "--title", "end_card": "--end-card"}


def command(*words: object) -> str:
    """A ``trailergen`` command line that a shell reads back as exactly these words."""
    return shlex.join(["trailergen", *map(str, words)])


def revise(plan: str, *wishes: str) -> str:
    """The command that makes a new plan from the one of this name with one change."""
    return command("revise", plan, *wishes)


def make_command(plan: Plan) -> str | None:
    """The command that makes this plan and its trailer, options at their default left out.

    None for a plan whose provenance does not hold the settings, as one written by hand, and for one that was revised.
    """
    settings: dict[str, Any] = plan.provenance.settings
    if not settings or plan.provenance.revisions:
        return None
    usual = PlanSettings()
    words: list[object] = ["make", plan.film.path, "--music", plan.music.path]
    for name, option in _OPTIONS.items():
        value = settings.get(name)
        if value is not None and value != getattr(usual, name):
            words += [option, value]
    words += _style(settings)
    if "loudness" in settings and settings["loudness"] is None:
        words += ["--loudness", "off"]
    if plan.provenance.seed != usual.seed:
        words += ["--seed", plan.provenance.seed]
    for name, option in _TEXTS.items():
        if isinstance(text := settings.get(name), str):
            words += [option, _typed(text)]
    for text, place in settings.get("cards") or ():
        words += ["--card", f"{_typed(text)}@{place}"]
    words += _narration(plan, settings.get("narration"))
    if settings.get("crop_bars"):
        words.append("--crop-bars")
    bans = settings.get("bans")
    if isinstance(bans, list) and bans:
        words += ["--ban", ",".join(_ranges(bans))]
    return command(*words)


def _style(settings: dict[str, Any]) -> Iterator[object]:
    """The option of the style; a plan holds what a file of weights said and what it was called, not where it was."""
    style = Style.from_settings(settings.get("style"))
    if style.name != usual_style(str(settings.get("decoder", PlanSettings.decoder))):
        yield from ("--style", style.name if style.name in STYLES else f"{style.name}.toml")


def _narration(plan: Plan, settings: Any) -> Iterator[object]:
    """The options that choose the lines; the language model's address and key are not in a plan."""
    if not isinstance(settings, dict):
        return
    subtitles = plan.narration.subtitles if plan.narration else None
    if settings.get("subtitles"):
        yield from ("--subtitles", subtitles.path if subtitles else settings["subtitles"])
    usual = NarrationSettings()
    for name, option in _NARRATION.items():
        value = settings.get(name)
        if value is not None and value != getattr(usual, name):
            yield from (option, value)
    if settings.get("run_over"):
        yield "--run-over"


def _ranges(bans: Iterable[Any]) -> Iterable[str]:
    for ban in bans:
        yield "-".join(_seconds(str(edge)) for edge in ban)


def _typed(text: str) -> str:
    return text.replace("\n", "\\n")


def _seconds(text: str) -> str:
    """A fraction of seconds as the decimal number it was given as; the text itself if it is no fraction."""
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return text
    return f"{float(value):.6f}".rstrip("0").rstrip(".")
