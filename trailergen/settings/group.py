"""Groups of settings: frozen dataclasses whose fields are options, and what is derived from them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Generic, Self, TypeVar, get_type_hints

from trailergen.settings.option import Setting, option_of


class Group:
    """Base of every settings dataclass: checks and normalises its fields, whoever makes it.

    ``panel`` is the heading in the help of the commands that take the group. A field holds its own type whatever it was
    given: text is read as on the command line, a list becomes a tuple. Making one raises UsageError for a value that is
    out of range, none of the choices, or at odds with another.
    """

    panel: ClassVar[str]

    def __post_init__(self) -> None:
        for setting in settings_of(type(self)):
            value = getattr(self, setting.field)
            checked = setting.check(value)
            if checked is not value:
                object.__setattr__(self, setting.field, checked)
        self.check()

    def check(self) -> None:
        """Raise UsageError where settings of the group contradict each other."""

    @classmethod
    def parsed(cls, texts: Mapping[str, tuple[str, ...]]) -> Self:
        """The group that texts by field stand for. Raises UsageError."""
        known = {setting.field: setting for setting in settings_of(cls)}
        return cls(**{name: known[name].parse(*given) for name, given in texts.items() if given})


G = TypeVar("G", bound=Group)


@functools.cache
def settings_of(group: type[Group]) -> tuple[Setting, ...]:
    """The settings of a group, in the order of its fields."""
    hints = get_type_hints(group)
    return tuple(
        Setting(part.name, hints[part.name], part.default, option_of(part.metadata))
        for part in fields(group)  # type: ignore[arg-type]
    )


def to_options(*groups: Group, every: bool = False) -> list[str]:
    """The words of a command line that stand for groups.

    Secrets are left out, and values that are the default unless ``every`` is given. Reading the words back with
    ``trailergen.settings.words.parse_options`` gives equal groups.
    """
    words: list[str] = []
    for group in groups:
        for setting in settings_of(type(group)):
            value = getattr(group, setting.field)
            if not setting.facts.secret and (every or value != setting.default):
                words += option_words(setting, value)
    return words


def option_words(setting: Setting, value: Any) -> list[str]:
    """The words of a command line that give one setting a value."""
    if setting.is_flag:
        return [setting.flag] if value else []
    return [word for text in setting.show(value) for word in (setting.flag, text)]


@dataclass(frozen=True)
class Changes(Generic[G]):
    """The settings of a group that somebody gave, and no others: what a revision changes."""

    group: type[G]
    values: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values)

    def apply(self, to: G) -> G:
        """The group with what was given. Raises UsageError."""
        return replace(to, **self.values)  # type: ignore[type-var]

    def to_options(self) -> list[str]:
        """The words of a command line that give these values; secrets are left out."""
        known = settings_of(self.group)
        return [
            word
            for setting in known
            if setting.field in self.values and not setting.facts.secret
            for word in option_words(setting, self.values[setting.field])
        ]
