"""The command lines a storyboard shows, quoted for a POSIX shell."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

from trailergen.edit.revise.request import Edits
from trailergen.plans import Plan
from trailergen.settings.group import to_options
from trailergen.settings.plan import SSMP
from trailergen.settings.tree import Settings
from trailergen.style.styles import NONE, STYLES, Style, usual_style


def command(*words: object) -> str:
    """A ``trailergen`` command line that a shell reads back as exactly these words."""
    return shlex.join(["trailergen", *map(str, words)])


def parts(text: str) -> list[str]:
    """A command line in the parts between which it may be broken: words, and options with their values."""
    found: list[str] = []
    for word in shlex.split(text):
        quoted = shlex.join([word])
        if found and found[-1].startswith("--") and not word.startswith("--"):
            found[-1] += f" {quoted}"
        else:
            found.append(quoted)
    return found


def revise(plan: str, edits: Edits) -> str:
    """The command that makes a new plan from the one of this name with these edits."""
    return command("revise", plan, *to_options(edits))


def make_command(plan: Plan) -> str | None:
    """The command that makes this plan and its trailer, options at their default left out.

    None for a plan whose provenance does not hold the settings, as one written by hand, and for one that was revised.
    """
    if not plan.provenance.settings or plan.provenance.revisions:
        return None
    return command("make", plan.film.path, "--music", plan.music.path, *settings_of(plan).to_options())


def settings_of(plan: Plan) -> Settings:
    """The settings a plan was made with, as far as it holds them.

    It holds what a style's file of weights said and what it was called, not where it was; neither the address of the
    language model nor the key to it.
    """
    noted = Settings.from_provenance(plan.provenance.settings)
    style = Style.from_settings(plan.provenance.settings.get("style"))
    usual = NONE if noted.plan.method != SSMP else usual_style(noted.plan.decoder)
    name = style.name if style.name in STYLES else f"{style.name}.toml"
    wanted = replace(
        noted.plan,
        style=None if style.name == usual else name,
        seed=plan.provenance.seed,
    )
    lines = noted.narration
    known = plan.narration.subtitles if plan.narration else None
    if lines.subtitles and known:
        lines = replace(lines, subtitles=Path(known.path))
    if isinstance(lines.transcribe, Path) and known and known.transcript:
        lines = replace(lines, transcribe=Path(known.path if known.transcript == "file" else known.transcript))
    return replace(noted, plan=wanted, narration=lines)
