"""The command line: one file per command. Nothing here imports torch, av or numpy at module top."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from trailergen.cli import (
    align,
    batch,
    dataset,
    desk,
    doctor,
    evaluate,
    export,
    jury,
    make,
    music,
    plan,
    render,
    report,
    revise,
    score,
    shots,
    train,
    weights,
)
from trailergen.cli.command import Commands, dress
from trailergen.version import __version__

app = typer.Typer(
    help="Cut a trailer from a film to a piece of music.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"trailergen {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
) -> None:
    if debug:
        os.environ["TRAILERGEN_DEBUG"] = "1"


app.command("make")(make.make)
app.command("batch")(batch.batch)
app.command("shots")(shots.shots)
app.command("music")(music.music)
app.command("plan")(plan.plan)
app.command("revise")(revise.revise)
app.command("desk")(desk.desk)
app.command("score")(score.score)
app.command("render")(render.render)
app.command("export")(export.export)
app.command("report")(report.report)
app.add_typer(jury.app, name="jury")
app.command("align")(align.align)
app.add_typer(dataset.app, name="dataset")
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.add_typer(weights.app, name="weights")
app.command("doctor")(doctor.doctor)
dress(app)
