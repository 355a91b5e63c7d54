"""``trailergen weights``: lists, downloads and verifies the models that are not part of trailergen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.command import Commands
from trailergen.cli.groups import Only, spread
from trailergen.runtime.places import is_file
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.machine import MachineSettings

if TYPE_CHECKING:
    from trailergen.weights import WeightsFile

app = typer.Typer(cls=Commands, help="See, fetch and verify model weights.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="As `trailergen weights list` shows it.")]


@app.callback()
def _group() -> None:
    """See, fetch and verify model weights."""


@app.command("list")
def list_weights(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with paths and addresses.")] = False,
) -> None:
    """List all weights: size, licence, and which are installed."""
    import json
    from dataclasses import asdict

    from trailergen.weights import accepted, known_weights, weights_folder

    known = known_weights()
    if as_json:
        rows = [
            {**asdict(weights), "path": str(weights.path), "state": _state(weights), "accepted": accepted(weights)}
            for weights in known.values()
        ]
        print(json.dumps({"folder": str(weights_folder()), "weights": rows}, indent=1, default=str))
        return
    wide = max(map(len, known), default=0)
    print(f"in {weights_folder()}")
    for weights in known.values():
        licence = weights.licence + ("" if accepted(weights) else " (to be accepted)")
        print(f"{weights.name:<{wide}}  {size_text(weights.total_size):>8}  {_state(weights):<13}  {licence}")
        print(f"{'':<{wide}}  {weights.about}")


@app.command("fetch")
@spread
def fetch(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="As `trailergen weights list` shows them.")],
    *,
    mirror: Annotated[
        str | None,
        typer.Option(
            "--mirror",
            metavar="URL",
            help="Fetch from here instead: a host with the same paths, or a copy of a weights folder.",
        ),
    ] = None,
    machine: Annotated[MachineSettings, Only("offline")],
    accept_license: Annotated[
        list[str] | None,
        typer.Option(
            "--accept-license",
            metavar="NAME",
            help="Accept the licence of these weights without being asked. Can be repeated.",
        ),
    ] = None,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Download weights and verify them. An interrupted download is continued."""
    from trailergen.runtime.progress import Progress
    from trailergen.weights import accept, find_weights
    from trailergen.weights.fetch import fetch as bring

    if machine.offline:
        from trailergen.runtime.offline import forbid_network

        forbid_network()
    chosen = [find_weights(name) for name in names]
    for name in accept_license or []:
        accept(find_weights(name))
    for weights in chosen:
        _ask(weights)
    shown = Progress(progress)
    for weights in chosen:
        print(f"{weights.name}: {bring(weights, shown, mirror, machine.offline)}")


@app.command("verify")
def verify(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Weights to verify; by default all that are installed.")
    ] = None,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Read weights from end to end and compare them with the index.

    All are read; the exit code is 4 if any is damaged or missing.
    """
    from trailergen.errors import WeightsError
    from trailergen.runtime.progress import Progress
    from trailergen.weights import check_content, find_weights, known_weights

    shown = Progress(progress)
    chosen = [find_weights(name) for name in names] if names else known_weights().values()
    code = 0
    for weights in chosen:
        if not names and not is_file(weights.path) and not weights.shipped:
            continue
        try:
            with shown.stage(f"verify {weights.name}", weights.total_size or None) as tick:
                path = check_content(weights, tick, again=True)
            print(f"{weights.name}: {path} is right")
        except WeightsError as error:
            print(f"{weights.name}: {error}")
            code = error.exit_code
    raise typer.Exit(code)


@app.command("path")
def path(name: NameArgument) -> None:
    """Verify weights and print their path."""
    from trailergen.weights import check_content, find_weights

    print(check_content(find_weights(name)))


@app.command("accept")
def accept_licence(name: NameArgument) -> None:
    """Accept the licence of weights, once and for all commands."""
    from trailergen.weights import accept, find_weights
    from trailergen.weights.licence import terms

    weights = find_weights(name)
    print(terms(weights))
    accept(weights)
    print(f"accepted for {name}" if weights.needs_acceptance else "asks for no acceptance")


def _ask(weights: WeightsFile) -> None:
    """Ask on a terminal for a licence that has to be accepted; elsewhere raise WeightsError."""
    import sys

    from trailergen.weights import accept, accepted, require_acceptance
    from trailergen.weights.licence import terms

    if not accepted(weights) and sys.stdin.isatty() and sys.stderr.isatty():
        typer.echo(terms(weights), err=True)
        if typer.confirm("Do you accept it?", err=True):
            accept(weights)
    require_acceptance(weights)


def _state(weights: WeightsFile) -> str:
    from trailergen.weights.partial import SUFFIX

    if is_file(weights.path):
        return "shipped" if weights.shipped else "installed"
    part = weights.path.with_name(weights.path.name + SUFFIX)
    if is_file(part):
        return f"{size_text(part.stat().st_size)} fetched"
    return "not installed"


def size_text(size: int) -> str:
    """Bytes for people; ``?`` where they are not known beforehand."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB" if size else "?"
