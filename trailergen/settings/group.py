"""Groups of settings: frozen dataclasses whose fields are options, and what is derived from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
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
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The group by the variables that its settings name; what is not set is the default. Raises UsageError."""
        return cls(
            **{
                setting.field: setting.parse(text)
                for setting in settings_of(cls)
                if setting.facts.envvar and (text := environment.get(setting.facts.envvar))
            }
        )


G = TypeVar("G", bound=Group)


_known: dict[type[Group], tuple[Setting, ...]] = {}


def settings_of(group: type[Group]) -> tuple[Setting, ...]:
    """The settings of a group, in the order of its fields."""
    if group not in _known:
        _known[group] = _settings(group)
    return _known[group]


def _settings(group: type[Any]) -> tuple[Setting, ...]:
    hints = get_type_hints(group)
    return tuple(Setting(part.name, hints[part.name], part.default, option_of(part.metadata)) for part in fields(group))


def to_options(*groups: Group) -> list[str]:
    """The words of a command line that stand for groups.

    Secrets are left out, and so are values that are the default. A command that takes the groups reads the words back
    as equal groups.
    """
    words: list[str] = []
    for group in groups:
        for setting in settings_of(type(group)):
            value = getattr(group, setting.field)
            if not setting.facts.secret and value != setting.default:
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

    def remembered(self) -> list[str]:
        """One text per option, as a plan remembers a revision: of files their name, and nothing secret."""
        found: list[str] = []
        for setting in settings_of(self.group):
            if setting.field not in self.values or setting.facts.secret:
                continue
            value = self.values[setting.field]
            words = option_words(setting, value.name if isinstance(value, Path) else value)
            found += (
                words
                if setting.is_flag
                else [f"{name} {text}" for name, text in zip(words[::2], words[1::2], strict=True)]
            )
        return found
