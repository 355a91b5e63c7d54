"""``trailergen evaluate``: the trailers of a checkpoint beside those of simpler methods."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.api import outputs
from trailergen.cli import options as o
from trailergen.cli.groups import spread
from trailergen.runtime.device import Device
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.evaluation import BaselineSettings, CaseSettings, EvaluationSettings


@spread
def evaluate(
    checkpoint: Annotated[
        Path | None,
        typer.Argument(metavar="CHECKPOINT", help="Checkpoint that `train` wrote; the starter by default."),
    ] = None,
    *,
    cases: CaseSettings,
    shots: Annotated[
        tuple[int, int],
        typer.Option("--shots", metavar="FROM TO", help="Bounds of the number of shots of a simulated film."),
    ] = (40, 300),
    baselines: BaselineSettings,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Table to write, .md or .json; printed by default."),
    ] = None,
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
    device: o.DeviceOption = Device.cpu,
) -> None:
    """Compare CHECKPOINT's decoders, TGT, VASNet, M2T, random and uniform choice on a dataset or simulated films.

    A dataset is a folder made by `trailergen dataset build`, or one in the layout of CMTD, of which the test split is
    taken here and the training split by --learn-from.
    """
    import json

    settings = EvaluationSettings(cases, baselines, shots)
    if output is not None:
        _check(output, force)

    from trailergen.evaluation.checkpoint import evaluate_checkpoint
    from trailergen.evaluation.tables import markdown
    from trailergen.runtime.device import resolve_device
    from trailergen.runtime.progress import Progress

    found = evaluate_checkpoint(checkpoint, settings, resolve_device(device), Progress(progress))
    if output is None:
        print(markdown(found.results), end="")
    elif output.suffix == ".json":
        outputs.write_text(output, json.dumps(found.json(), indent=1) + "\n")
    else:
        outputs.write_text(output, markdown(found.results))


def _check(output: Path, force: bool) -> None:
    """Raises OutputError or UsageError for a table that could not be written."""
    from trailergen.errors import UsageError

    if output.suffix not in (".md", ".json"):
        raise UsageError(f"the output {output} must end in .md or .json")
    outputs.check_output(output, output.suffix, ())
    if output.exists() and not force:
        raise outputs.exists_error(output)
