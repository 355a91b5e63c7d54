"""Options that belong together: one dataclass, spread over the signature of every command that takes it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """A command for typer: each parameter that is a dataclass of options becomes one option per field.

    Typer takes options from a signature. Written out, a plan's options would stand in every command that makes one.
    Fields keep their order, in the parameter's place, and must have defaults.
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)}
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name in groups:
            parameters += _options(groups[name])
        else:
            parameters.append(parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY))

    @functools.wraps(command)
    def called(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return called


def _options(group: type[Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(group)
    ]


def as_arguments(*groups: Any) -> list[str]:
    """The options that say what groups hold, but for what is theirs by default: the opposite of ``spread``."""
    arguments: list[str] = []
    for group in groups:
        for field in fields(group):
            value, name = getattr(group, field.name), option(field.name)
            if value in (field.default, None, False):
                continue
            several = value if isinstance(value, list) else [value]
            # Absolute, for whoever runs them has another current folder.
            texts = [str(part.absolute() if isinstance(part, Path) else part) for part in several]
            arguments += [name] if value is True else [f"{name}={text}" for text in texts]
    return arguments


def option(field: str) -> str:
    """The option of a group's field."""
    return f"--{field.replace('_', '-')}"
