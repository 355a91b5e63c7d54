"""One training, from examples to a checkpoint: what `trailergen train` does after reading its options.

Beside the checkpoint ``NAME.safetensors`` lie ``NAME.curves.csv``, ``NAME.curves.png`` and the folder
``NAME.curves`` for TensorBoard, and until the run is finished ``NAME.state.safetensors``.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trailergen.errors import UsageError
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.ssmp.checkpoint import save_checkpoint
from trailergen.training.curves import TensorBoardLog, draw, write_table
from trailergen.training.loop import Batches, Example, TrainConfig, TrainState, train
from trailergen.training.machine import Machine
from trailergen.training.state import load_state, save_state


@dataclass(frozen=True)
class Run:
    """A training that is described well enough to be taken up again.

    Args:
        config: how to train.
        batches: what on.
        feature_space: of the tokens, for the checkpoint.
        facts: about the data, as JSON values; with ``config`` they are the run's identity.
    """

    config: TrainConfig
    batches: Batches
    feature_space: str
    facts: Mapping[str, Any]

    def description(self) -> dict[str, Any]:
        """What makes this run this run, as JSON values."""
        settings = asdict(self.config)
        settings["schedule"] = {"name": type(self.config.schedule).__name__, **settings["schedule"]}
        return {"feature_space": self.feature_space, **self.facts, **settings}


def state_path(output: Path) -> Path:
    """Where the state of an unfinished run lies."""
    return output.with_suffix(".state.safetensors")


def carry_out(
    run: Run, output: Path, machine: Machine, progress: Progress, save_every: int = 100, resume: bool = True
) -> TrainState:
    """Train, or go on training, and write the checkpoint and the curves.

    Args:
        run: what to do.
        output: the checkpoint to write.
        machine: where to compute; only process 0 writes.
        progress: shows the steps.
        save_every: steps between two states.
        resume: take up the state that lies beside ``output``, if there is one.

    Raises:
        InputError, UsageError: the state cannot be taken up.
        OutputError: something cannot be written.
        UsageError: the training diverged.
    """
    config, writes = run.config, machine.rank == 0
    stored, table = state_path(output), output.with_suffix(".curves.csv")
    description = run.description()
    state = None
    if resume and stored.exists():
        state = load_state(stored, config, machine.device, description)
    done = len(state.curves.loss) if state else 0
    if state and writes:
        progress.note(f"going on after step {done} of {config.steps}, from {stored}")
    with (
        closing(TensorBoardLog(output.with_suffix(".curves") if writes else None, done + 1)) as log,
        progress.stage("train", config.steps) as tick,
    ):
        tick(done)

        def on_step(state: TrainState) -> None:
            curves = state.curves
            number = len(curves.loss)
            if not math.isfinite(curves.loss[-1]):
                raise UsageError(
                    f"the training diverged at step {number}: the loss is {curves.loss[-1]}",
                    hint="choose a lower --learning-rate",
                )
            tick(1)
            if not writes:
                return
            log.add(curves)
            if number % save_every == 0 and number < config.steps:
                save_state(stored, state, description)
                write_table(table, curves)
                if progress.kind is not ProgressKind.bar:
                    progress.note(f"step {number} of {config.steps}: {_latest(state)}")

        state = train(config, run.batches, machine, on_step, state)
    if writes:
        write_table(table, state.curves)
        if not draw(output.with_suffix(".curves.png"), state.curves):
            progress.note(f"the curves are in {table}; pip install 'trailergen[train]' draws them")
        save_checkpoint(output, state.model, run.feature_space, description)
        stored.unlink(missing_ok=True)
        progress.note(f"after {config.steps} steps: {_latest(state)}")
    return state


def digest(examples: Sequence[Example]) -> str:
    """SHA-256 over everything a model could learn from, so that a run is not taken up on other data."""
    total = hashlib.sha256()
    for example in examples:
        for tensor in (example.film, example.trailer, example.labels):
            total.update(f"{tuple(tensor.shape)}{tensor.dtype}".encode())
            total.update(tensor.contiguous().numpy().data)
    return total.hexdigest()


def _latest(state: TrainState) -> str:
    """Means over the last steps, at most 100."""
    curves = state.curves
    loss, accuracy = (sum(values[-100:]) / len(values[-100:]) for values in (curves.loss, curves.accuracy))
    return f"loss {loss:.3f}, accuracy {accuracy:.3f}, mask ratio {curves.ratio[-1]:.3f}"
