"""``trailergen dataset``: films and trailers as a folder to train on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.api import outputs
from trailergen.cli import options as o
from trailergen.cli.command import Commands
from trailergen.cli.groups import Only, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.align import AlignSettings
from trailergen.settings.machine import MachineSettings
from trailergen.settings.plan import PlanSettings

app = typer.Typer(cls=Commands, help="Make a dataset to train on.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Make a dataset to train on."""


@app.command("build")
@spread
def build(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE",
            help="CSV file with the columns film, trailer and, if any, subtitles, or folder of a folder per film.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Folder that the dataset is written to.")
    ],
    *,
    features: Annotated[PlanSettings, Only("encoder", "views")],
    labels: AlignSettings,
    machine: Annotated[MachineSettings, Only("cache_dir", "device")],
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Find the shots of films and trailers, encode them, and label each trailer shot with its film shot.

    In a folder, each film has a folder of its own with film.* and trailer*.* in it; film.srt and so on is what is said.
    """
    from trailergen.errors import BatchError, OutputError
    from trailergen.features.registry import get_encoder
    from trailergen.features.views import Views
    from trailergen.runtime.device import resolve_device
    from trailergen.training.build import build_dataset
    from trailergen.training.dataset import MANIFEST
    from trailergen.training.pairs import find_pairs, find_scripts

    if output.exists() and not output.is_dir():
        raise OutputError(f"{output} is a file, a dataset is a folder")
    if (output / MANIFEST).exists() and not force:
        raise outputs.exists_error(output)
    session = o.open_session(machine, progress)
    chosen = get_encoder(
        features.encoder, Views(features.views), resolve_device(machine.device), note=session.progress.note
    )
    pairs, scripts = find_pairs(source), find_scripts(source)
    built = build_dataset(session, pairs, output, chosen, labels.threshold, scripts)
    print(f"{output}: {built.films} films, {built.trailers} trailers, {built.found} of {built.shots} shots found")
    if built.failed:
        raise BatchError(f"{len(built.failed)} files could not be used", "\n".join(built.failed))
