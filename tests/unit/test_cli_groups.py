from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from trailergen.cli.groups import spread


@dataclass(frozen=True)
class Colours:
    red: Annotated[int, typer.Option(min=0, help="How red.")] = 1
    light_blue: Annotated[bool, typer.Option(help="Whether blue.")] = False


def app_of(seen: list[tuple[str, int, Colours]]) -> typer.Typer:
    app = typer.Typer()

    @app.command()
    @spread
    def paint(
        name: Annotated[str, typer.Argument()], *, coats: Annotated[int, typer.Option()] = 2, colours: Colours
    ) -> None:
        seen.append((name, coats, colours))

    return app


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], Colours()),
        (["--red", "7"], Colours(red=7)),
        (["--light-blue", "--coats", "2"], Colours(light_blue=True)),
    ],
)
def test_fields_are_options_of_the_command(arguments: list[str], expected: Colours) -> None:
    seen: list[tuple[str, int, Colours]] = []
    result = CliRunner().invoke(app_of(seen), ["door", *arguments])
    assert result.exit_code == 0, result.output
    assert seen == [("door", 2, expected)]


def test_bounds_and_help_of_a_field_count() -> None:
    app = app_of([])
    assert CliRunner().invoke(app, ["door", "--red", "-1"]).exit_code == 2
    assert "How red." in CliRunner().invoke(app, ["--help"]).output
