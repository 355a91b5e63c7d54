"""The help of every command: options by panels, two examples that can be run, completion."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from trailergen.cli import app
from trailergen.cli.examples import EXAMPLES


def commands(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, inner in command.commands.items():
        yield from commands(inner, f"{path} {name}".strip())


COMMANDS = dict(commands(typer.main.get_command(app)))


def test_every_command_has_two_examples() -> None:
    assert EXAMPLES.keys() == COMMANDS.keys()


@pytest.mark.parametrize("path", COMMANDS)
def test_the_examples_of_a_command_can_be_understood(path: str) -> None:
    for example in EXAMPLES[path]:
        assert len(example) <= 78
        line = re.sub(r" > \S+$", "", example)
        if (inner := re.search(r"\$\((.*)\)", line)) is not None:
            line = inner[1]
        words = shlex.split(line)
        assert words[: 1 + len(path.split())] == ["trailergen", *path.split()]
        COMMANDS[path].make_context(path, words[1 + len(path.split()) :])


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_is_described_by_a_sentence(path: str) -> None:
    command = COMMANDS[path]
    assert command.help
    for part in command.params:
        if not getattr(part, "hidden", False):
            assert part.help and part.help.rstrip().endswith((".", ")")), (path, part.name)
        if getattr(part, "is_flag", False):
            assert not part.metavar or part.metavar == ""


def complete(shell: str, words: str) -> str:
    environment = {
        **os.environ,
        "_TRAILERGEN_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - (0 if words.endswith(" ") else 1)),
        "_TYPER_COMPLETE_ARGS": words,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    code = "import sys; sys.argv[0] = 'trailergen'; from trailergen.__main__ import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands_options_and_choices(shell: str) -> None:
    assert "revise" in complete(shell, "trailergen rev")
    assert "--film-audio" in complete(shell, "trailergen make --film-a")
    assert "scheduled" in complete(shell, "trailergen make --decoder sch")
