"""Groups of settings as options of a command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import pytest
import typer
from typer.testing import CliRunner

from trailergen.cli.command import dress
from trailergen.cli.groups import Only, Without, spread
from trailergen.errors import UsageError
from trailergen.settings.group import Changes, Group
from trailergen.settings.option import option


@dataclass(frozen=True)
class Colours(Group):
    panel: ClassVar[str] = "Colours"

    red: int = option(1, help="Share of red.", unit="SHARES", least=0)
    light_blue: bool = option(False, help="Add blue.")
    shade: Literal["pale", "deep"] = option("pale", help="Shade of it.", aliases=("tone",))
    drop: tuple[str, ...] = option((), help="Colours left out.", unit="COLOUR")


def run(*arguments: str) -> tuple[str, int, Colours]:
    seen: list[tuple[str, int, Colours]] = []
    result = CliRunner().invoke(app_of(seen), list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return seen[0]


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
        (["--shade", "deep"], Colours(shade="deep")),
        (["--tone", "deep"], Colours(shade="deep")),
        (["--drop", "grey", "--drop", "-1"], Colours(drop=("grey", "-1"))),
    ],
)
def test_fields_are_options_of_the_command(arguments: list[str], expected: Colours) -> None:
    assert run("door", *arguments) == ("door", 2, expected)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--red", "-1"], "--red '-1' is too small"),
        (["--red", "rose"], "--red 'rose' is no whole number"),
        (["--shade", "bright"], "write pale or deep"),
    ],
)
def test_a_value_is_checked_by_its_setting(arguments: list[str], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        run("door", *arguments)
    assert said in str(raised.value)


def test_the_help_shows_units_defaults_and_panels_and_no_types() -> None:
    app = app_of([])
    dress(app)
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "120", "TERM": "dumb"}).output
    assert "Colours" in shown and "SHARES" in shown and "Share of red." in shown and "pale|deep" in shown
    assert "default: 1" in shown and "bool" not in shown.lower() and "tone" not in shown


def test_fields_can_be_chosen_and_changes_hold_what_was_given() -> None:
    seen: list[tuple[Colours, Changes[Colours]]] = []
    app = typer.Typer()

    @app.command()
    @spread
    def paint(*, some: Annotated[Colours, Only("red")]) -> None: ...

    assert CliRunner().invoke(app, ["--light-blue"]).exit_code == 2
    other = typer.Typer()

    @other.command()
    @spread
    def change(*, changes: Annotated[Changes[Colours], Without("drop")]) -> None:
        seen.append((changes.apply(Colours(shade="deep")), changes))

    assert CliRunner().invoke(other, ["--red", "1"]).exit_code == 0
    assert CliRunner().invoke(other, []).exit_code == 0
    assert CliRunner().invoke(other, ["--drop", "grey"]).exit_code == 2
    (given, changes), (same, nothing) = seen
    assert given == same == Colours(shade="deep")
    assert dict(changes.values) == {"red": 1} and changes.remembered() == ["--red 1"] and not nothing
