"""Help as people expect it: no types beside flags and arguments, two examples below each command."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from trailergen.cli.examples import EXAMPLES
from trailergen.runtime.places import is_file


class Command(TyperCommand):
    """A command whose help shows what a value is called, and nothing beside what has none."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, as the help shows them."""
        return without_types(super().get_params(ctx))

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The words of the usage line: ``[OPTIONS] FILM...``."""
        arguments = [part for part in self.get_params(ctx) if part.param_type_name == "argument"]
        names = [part.metavar or part.name.upper() for part in arguments]
        shown = [name if part.required else f"[{name}]" for part, name in zip(arguments, names, strict=True)]
        return ["[OPTIONS]", *shown]


class Commands(TyperGroup):
    """A group of commands whose own options are shown like those of ``Command``."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, as the help shows them."""
        return without_types(super().get_params(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of these words; whoever gives a film in its place is told how a trailer is made."""
        if args and ctx.parent is None and self.get_command(ctx, args[0]) is None and is_file(Path(args[0])):
            ctx.fail(f"{args[0]!r} is no command. A trailer of it: trailergen make {args[0]} --music TRACK")
        return super().resolve_command(ctx, args)


def without_types(parameters: list[Any]) -> list[Any]:
    """The parameters; flags and arguments no longer name their type of Python, nor what has none its default."""
    for parameter in parameters:
        if parameter.default is None:
            parameter.show_default = False
        if parameter.param_type_name == "argument":
            # Newer versions of typer show it beside the name.
            parameter.display_type_rich = lambda ctx: None
        elif parameter.is_flag and parameter.metavar is None:
            parameter.metavar = ""
    return parameters


def dress(app: typer.Typer, path: str = "") -> None:
    """Give every command of an app, and of the apps in it, this help."""
    for command in app.registered_commands:
        words = f"{path} {command.name}".strip()
        command.cls = Command
        # Newer versions of typer keep the line breaks of a docstring.
        told = inspect.cleandoc(command.callback.__doc__ or "") if command.callback else ""
        command.help = re.sub(r"(?<!\n)\n(?!\n)", " ", told)
        command.epilog = "\n\n".join(["Examples:", *EXAMPLES.get(words, ())])
    for group in app.registered_groups:
        if group.typer_instance is not None:
            dress(group.typer_instance, f"{path} {group.name}".strip())
