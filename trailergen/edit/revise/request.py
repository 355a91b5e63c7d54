"""Everything that an editor asks of a plan: read from option text, checked, and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trailergen.edit.revise.edits import Edits as Edits
from trailergen.errors import UsageError
from trailergen.settings.group import Changes, settings_of
from trailergen.settings.narration import NarrationSettings
from trailergen.settings.sound import SoundSettings
from trailergen.settings.titles import TitleSettings
from trailergen.settings.tree import by_group

_AFTERWARDS = ("no_cards", "music", "length", "cut", "no_transitions", "transitions", "shape", "no_shape")
"""Edits that a plan remembers after sound, lines and cards; its seed is told by whoever fills it."""


@dataclass(frozen=True)
class EditRequest:
    """Everything that an editor asks of a plan: clips, cards, sound and lines. What is not given stays."""

    edits: Edits = field(default_factory=Edits)
    titles: Changes[TitleSettings] = field(default_factory=lambda: Changes(TitleSettings))
    sound: Changes[SoundSettings] = field(default_factory=lambda: Changes(SoundSettings))
    lines: Changes[NarrationSettings] = field(default_factory=lambda: Changes(NarrationSettings))

    @classmethod
    def of(cls, **keywords: Any) -> EditRequest:
        """A request by the names of the options of ``trailergen revise``: ``EditRequest.of(reroll="7,9", length=30)``.

        Raises:
            UsageError: there is no such option, a value is none that is allowed, or options contradict each other.
        """
        return cls().changed(**keywords)

    def changed(self, **keywords: Any) -> EditRequest:
        """This request with more, by the names of options. Raises UsageError."""
        groups = {"edits": Edits, "titles": TitleSettings, "sound": SoundSettings, "lines": NarrationSettings}
        given = by_group(keywords, groups)
        edits = replace(self.edits, **given.pop("edits", {}))
        return replace(
            self, edits=edits, **{name: _more(getattr(self, name), values) for name, values in given.items()}
        )

    def require_wish(self) -> None:
        """Raise UsageError where nothing is asked for; a seed alone changes nothing, for it fills nothing."""
        if replace(self.edits, seed=None) == Edits() and not (self.titles or self.sound or self.lines):
            raise UsageError(
                "there is nothing to change",
                "a seed counts only for what is filled anew" if self.edits.seed is not None else None,
                "say what, as --reroll 7, --pin 3, --ban shot:17 or --loudness -16",
            )

    def remembered(self) -> list[str]:
        """One text per option, as a plan remembers it, but for the seed: of files their name."""
        given = {
            setting.field: value
            for setting in settings_of(Edits)
            if (value := getattr(self.edits, setting.field)) != setting.default and setting.field != "seed"
        }
        last = {name: given.pop(name) for name in _AFTERWARDS if name in given}
        groups = (Changes(Edits, given), self.sound, self.lines, self.titles, Changes(Edits, last))
        # The name of a file may be no text.
        return [text.encode(errors="replace").decode() for group in groups for text in group.remembered()]


def _more(changes: Changes[Any], values: Mapping[str, Any]) -> Changes[Any]:
    """Changes with further values. Raises UsageError."""
    known = {setting.field: setting for setting in settings_of(changes.group)}
    found = {**changes.values, **{name: known[name].check(value) for name, value in values.items()}}
    changes.group(**found)  # raises for what contradicts each other
    return Changes(changes.group, found)
