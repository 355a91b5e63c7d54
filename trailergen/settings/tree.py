"""All settings of a trailer, and the plan's provenance they are written to and read from."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any, Self, Unpack

from trailergen.errors import UsageError
from trailergen.settings.group import Group, settings_of, to_options
from trailergen.settings.keywords import TrailerKeywords
from trailergen.settings.narration import NarrationSettings
from trailergen.settings.plan import SSMP, PlanSettings
from trailergen.settings.render import RenderSettings
from trailergen.settings.sound import SoundSettings
from trailergen.settings.titles import TitleSettings
from trailergen.settings.transitions import TransitionWish
from trailergen.timebase import Timecode


@dataclass(frozen=True)
class Settings:
    """Everything that is asked of a trailer. Equal settings, film and music give the same trailer."""

    plan: PlanSettings = field(default_factory=PlanSettings)
    sound: SoundSettings = field(default_factory=SoundSettings)
    narration: NarrationSettings = field(default_factory=NarrationSettings)
    titles: TitleSettings = field(default_factory=TitleSettings)
    render: RenderSettings = field(default_factory=RenderSettings)

    def __post_init__(self) -> None:
        self.render.check_cards(self.titles.sdr_only)

    @classmethod
    def of(cls, **keywords: Unpack[TrailerKeywords]) -> Self:
        """Settings by the names of their options: ``Settings.of(cut_length=1.5, ban="0:00-0:30", crf=20)``.

        Raises:
            UsageError: there is no such setting, or a value is none that is allowed.
        """
        return cls().changed(**keywords)

    def changed(self, **keywords: Unpack[TrailerKeywords]) -> Self:
        """These settings with others, by the names of their options. Raises UsageError."""
        changes = by_group(keywords, GROUPS)
        return replace(self, **{group: replace(getattr(self, group), **given) for group, given in changes.items()})

    def groups(self) -> tuple[Group, ...]:
        """The groups, in the order of the options of ``trailergen make``."""
        return tuple(getattr(self, part.name) for part in fields(self))

    def to_options(self) -> list[str]:
        """The words of a command line that give these settings; those that are the default are left out."""
        return to_options(*self.groups())

    def absolute(self) -> Self:
        """These settings with absolute paths, for who works in another folder."""
        return self._with_paths(Path.absolute)

    def to_provenance(self) -> dict[str, Any]:
        """The settings as a plan notes them, as JSON: all but the rendering.

        Of files whose content is noted elsewhere only the name is kept: the folder they happen to lie in would make
        equal plans differ.
        """
        noted: dict[str, Any] = {}
        for group in (self.plan, self.sound, self.titles):
            noted |= _values(group)
        # Plans of who asks for neither are as they always were.
        if not self.sound.limit:
            del noted["limit"]
        if not self.sound.accents:
            del noted["accents"]
        if self.plan.method == SSMP:
            del noted["method"]
        if self.plan.shape in (None, "film"):
            del noted["shape"]
        if not self.plan.transitions:
            del noted["transitions"]
        for name in ("title_over", "card_size", "card_color", "card_background", "logo"):
            if noted[name] is None:
                del noted[name]
        for name, path in (("shots", self.plan.shots), ("flags", self.plan.flags)):
            if path is None:
                del noted[name]
            else:
                noted[name] = path.name
        noted["narration"] = _values(self.narration)
        if self.narration.transcribe == "auto":
            del noted["narration"]["transcribe"]
        elif isinstance(self.narration.transcribe, Path):
            noted["narration"]["transcribe"] = self.narration.transcribe.name
        if self.narration.spoken_language is None:
            del noted["narration"]["spoken_language"]
        noted["checkpoint"] = self.plan.checkpoint and self.plan.checkpoint.name
        noted["card_font"] = self.titles.card_font and os.path.abspath(self.titles.card_font)
        if self.titles.logo is not None:
            noted["logo"] = os.path.abspath(self.titles.logo)
        noted["narration"]["subtitles"] = self.narration.subtitles and self.narration.subtitles.name
        return noted

    @classmethod
    def from_provenance(cls, noted: Mapping[str, Any]) -> Self:
        """The settings that a plan notes, of any version.

        Keys that are missing, of no setting, or hold what is no value of it, count as the default.
        """
        lines = noted.get("narration")
        return cls(
            plan=_noted(PlanSettings, {**noted, "style": _style_name(noted.get("style"))}),
            sound=_noted(SoundSettings, noted),
            narration=_noted(NarrationSettings, lines if isinstance(lines, Mapping) else {}),
            titles=_noted(TitleSettings, noted),
        )

    def _with_paths(self, moved: Any) -> Self:
        changes = {}
        for part in fields(self):
            group = getattr(self, part.name)
            given = {
                setting.field: moved(value)
                for setting in settings_of(type(group))
                if isinstance(value := getattr(group, setting.field), Path)
            }
            changes[part.name] = replace(group, **given)
        return replace(self, **changes)


GROUPS: Mapping[str, type[Group]] = {
    "plan": PlanSettings,
    "sound": SoundSettings,
    "narration": NarrationSettings,
    "titles": TitleSettings,
    "render": RenderSettings,
}
"""The groups of ``Settings`` by its fields."""


def by_group(keywords: Mapping[str, Any], groups: Mapping[str, type[Group]]) -> dict[str, dict[str, Any]]:
    """Values by group and field, from values by the names of options or fields.

    Raises:
        UsageError: there is no such setting.
    """
    named = [(name, setting) for name, group in groups.items() for setting in settings_of(group)]
    fields_too = {setting.field: (name, setting.field) for name, setting in named}
    options = {setting.keyword: (name, setting.field) for name, setting in named}
    found: dict[str, dict[str, Any]] = {}
    for keyword, value in keywords.items():
        if keyword not in (known := fields_too | options):
            near = difflib.get_close_matches(keyword, options, 1)
            raise UsageError(
                f"there is no setting {keyword!r}",
                hint=f"did you mean {near[0]}?" if near else f"use some of: {', '.join(options)}",
            )
        name, field_name = known[keyword]
        found.setdefault(name, {})[field_name] = value
    return found


def _values(group: Group) -> dict[str, Any]:
    return {setting.field: _plain(getattr(group, setting.field)) for setting in settings_of(type(group))}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Path | Fraction | Timecode | TransitionWish) else value


def _noted(group: type[Any], noted: Mapping[str, Any]) -> Any:
    found: dict[str, Any] = {}
    for setting in settings_of(group):
        for name in (setting.field, *setting.facts.aliases):
            if name not in noted:
                continue
            try:
                found[setting.field] = setting.check(noted[name])
            except UsageError:
                continue
            break
    try:
        return group(**found)
    except UsageError:
        return group()


def _style_name(noted: Any) -> str | None:
    """A plan holds all that its style says, beside the name."""
    return str(noted["name"]) if isinstance(noted, Mapping) and "name" in noted else None
