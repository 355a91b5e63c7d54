"""Options of commands from groups of settings: one option for each field.

A parameter of a command that is a settings group (see settings/group.py) becomes the options of its fields, ``Changes``
of a group the same options of which only those given count, and ``Settings`` those of all its groups. ``Only`` and
``Without`` choose fields, ``Without`` also groups.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from trailergen.settings.group import Changes, Group, settings_of
from trailergen.settings.option import Setting
from trailergen.settings.tree import GROUPS, Settings


class Only:
    """Annotation of a group of which a command takes these fields alone; the others have their defaults."""

    def __init__(self, *fields: str) -> None:
        self.fields = frozenset(fields)

    def takes(self, field: str) -> bool:
        """True for a field that becomes an option."""
        return field in self.fields


class Without(Only):
    """Annotation of a group of which a command takes all fields but these."""

    def takes(self, field: str) -> bool:
        """True for a field that becomes an option."""
        return field not in self.fields


@dataclass(frozen=True)
class _Spread:
    """A parameter of a command, and the settings that stand for it."""

    group: type[Group]
    settings: tuple[Setting, ...]
    changes: bool

    @classmethod
    def of(cls, group: type[Group], chosen: list[Only], changes: bool = False) -> _Spread:
        """The options of a group."""
        taken = tuple(s for s in settings_of(group) if all(only.takes(s.field) for only in chosen))
        return cls(group, taken, changes)

    def parameters(self) -> Iterator[inspect.Parameter]:
        """Of the signature that typer sees."""
        for setting in self.settings:
            yield _parameter(setting, _name(self.group, setting), self.group.panel, self.changes)
            for alias in setting.facts.aliases:
                yield _hidden(alias, _name(self.group, setting, alias))

    def value(self, given: dict[str, Any]) -> Group | Changes[Any]:
        """The group, or the changes, of what typer found; takes that out of ``given``. Raises UsageError."""
        found: dict[str, Any] = {}
        for setting in self.settings:
            said = given.pop(_name(self.group, setting))
            for alias in setting.facts.aliases:
                older = given.pop(_name(self.group, setting, alias))
                said = said if older is None else older
            if setting.is_flag:
                if said:
                    found[setting.field] = True
            elif texts := said if isinstance(said, list) else [] if said is None else [said]:
                found[setting.field] = setting.parse(*texts)
        if self.changes:
            self.group(**found)  # what they contradict each other in is told now
            return Changes(self.group, found)
        return self.group(**found)


@dataclass(frozen=True)
class _SpreadTree:
    """A parameter that is all settings of a trailer."""

    groups: Mapping[str, _Spread]

    @classmethod
    def of(cls, chosen: list[Only]) -> _SpreadTree:
        """The options of the groups that are taken."""
        taken = {name: group for name, group in GROUPS.items() if all(only.takes(name) for only in chosen)}
        return cls({name: _Spread.of(group, chosen) for name, group in taken.items()})

    def parameters(self) -> Iterator[inspect.Parameter]:
        """Of the signature that typer sees."""
        for group in self.groups.values():
            yield from group.parameters()

    def value(self, given: dict[str, Any]) -> Settings:
        """The settings of what typer found; takes that out of ``given``. Raises UsageError."""
        found: dict[str, Any] = {name: group.value(given) for name, group in self.groups.items()}
        return Settings(**found)


def _spread_of(hint: Any) -> _Spread | _SpreadTree | None:
    """None for a parameter that is no group."""
    parts = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    kind, chosen = parts[0], [part for part in parts[1:] if isinstance(part, Only)]
    if kind is Settings:
        return _SpreadTree.of(chosen)
    changes = get_origin(kind) is Changes
    group = get_args(kind)[0] if changes else kind
    return _Spread.of(group, chosen, changes) if isinstance(group, type) and issubclass(group, Group) else None


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """A command for typer: each parameter that is a group of settings becomes one option per field.

    Fields keep their order, in the parameter's place.
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {name: found for name, hint in hints.items() if (found := _spread_of(hint)) is not None}
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name in groups:
            parameters += groups[name].parameters()
        else:
            parameters.append(parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY))

    @functools.wraps(command)
    def called(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group.value(given)
        command(**given)

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return called


def _name(group: type[Group], setting: Setting, alias: str = "") -> str:
    """A name that no parameter of another group has."""
    return f"{group.__name__.lower()}_{setting.field}_{alias}"


def _parameter(setting: Setting, name: str, panel: str, changes: bool) -> inspect.Parameter:
    """One parameter of a command's signature. Values are text here: the setting itself reads and checks them."""
    facts = setting.facts
    default: Any = None
    if setting.is_flag:
        default = False
    elif not changes and not setting.many and setting.default is not None:
        (default,) = setting.show(setting.default)
    told = facts.help
    if not changes and default is None and facts.default_text is not None:
        told += f" Default: {facts.default_text}."
    about = typer.Option(
        *setting.names,
        metavar=setting.metavar,
        help=told,
        envvar=facts.envvar,
        show_default=default is not None and not setting.is_flag,
        rich_help_panel=facts.panel or panel,
        autocompletion=_completion(setting.choices) if setting.choices else None,
    )
    kind: Any = bool if setting.is_flag else list[str] if setting.many else str
    hint = kind if setting.is_flag else kind | None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[hint, about])


def _hidden(alias: str, name: str) -> inspect.Parameter:
    """An older name of an option."""
    about = typer.Option(f"--{alias}", hidden=True)
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, about]
    )


def _completion(choices: tuple[str, ...]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return [choice for choice in choices if choice.startswith(incomplete)]

    return complete
