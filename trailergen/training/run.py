"""One training, from examples to a checkpoint.

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
from trailergen.training.accelerator import Accelerator
from trailergen.training.batches import Batches, Example
from trailergen.training.config import TrainConfig
from trailergen.training.learning_curves import TensorBoardLog, draw, write_table
from trailergen.training.loop import TrainState, train
from trailergen.training.state import load_state, save_state


@dataclass(frozen=True)
class TrainingRun:
    """A training that is described well enough to be taken up again.

    Args:
        config: of the training.
        batches: the batch of each step.
        feature_space: of the tokens, for the checkpoint.
        facts: about the data, as JSON values; with ``config`` they are the run's identity.
    """

    config: TrainConfig
    batches: Batches
    feature_space: str
    facts: Mapping[str, Any]

    def description(self) -> dict[str, Any]:
        """The run's identity, as JSON values."""
        settings = asdict(self.config)
        settings["schedule"] = {"name": type(self.config.schedule).__name__, **settings["schedule"]}
        return {"feature_space": self.feature_space, **self.facts, **settings}


@dataclass(frozen=True)
class RunFiles:
    """The files of a run, named after its checkpoint ``output``."""

    output: Path

    @property
    def state(self) -> Path:
        """The state of the unfinished run."""
        return self.output.with_suffix(".state.safetensors")

    @property
    def table(self) -> Path:
        """The learning curves as a table."""
        return self.output.with_suffix(".curves.csv")

    @property
    def picture(self) -> Path:
        """The learning curves as a picture."""
        return self.output.with_suffix(".curves.png")

    @property
    def log(self) -> Path:
        """The learning curves for TensorBoard, a folder."""
        return self.output.with_suffix(".curves")


def execute(
    run: TrainingRun,
    output: Path,
    accelerator: Accelerator,
    progress: Progress,
    save_every: int = 100,
    resume: bool = True,
) -> TrainState:
    """Train, or go on training, and write the checkpoint and the learning curves.

    Args:
        run: the training.
        output: the checkpoint to write.
        accelerator: computes the steps; only process 0 writes.
        progress: shows the steps.
        save_every: steps between two states.
        resume: take up the state that lies beside ``output``, if there is one.

    Raises:
        InputError, UsageError: the state cannot be taken up.
        OutputError: something cannot be written.
        UsageError: the training diverged.
    """
    config, files, writes = run.config, RunFiles(output), accelerator.rank == 0
    state = None
    if resume and files.state.exists():
        state = load_state(files.state, config, accelerator.device, run.description())
    done = state.done if state else 0
    if state and writes:
        progress.say(f"going on after step {done} of {config.steps}, from {files.state}")
    with (
        closing(TensorBoardLog(files.log if writes else None, done + 1)) as log,
        progress.stage("train", config.steps) as tick,
    ):
        tick(done)

        def on_step(state: TrainState) -> None:
            _refuse_divergence(state)
            tick(1)
            if writes:
                log.add(state.curves)
                if state.done % save_every == 0 and state.done < config.steps:
                    _save(run, files, state, progress)

        state = train(config, run.batches, accelerator, on_step, state)
    if writes:
        _finish(run, files, state, progress)
    return state


def digest(examples: Sequence[Example]) -> str:
    """SHA-256 over everything a model could learn from, so that a run is not taken up on other data."""
    total = hashlib.sha256()
    for example in examples:
        for tensor in (example.film, example.trailer, example.labels):
            total.update(f"{tuple(tensor.shape)}{tensor.dtype}".encode())
            total.update(tensor.contiguous().numpy().data)
    return total.hexdigest()


def _refuse_divergence(state: TrainState) -> None:
    if not math.isfinite(state.curves.loss[-1]):
        raise UsageError(
            f"the training diverged at step {state.done}: the loss is {state.curves.loss[-1]}",
            hint="choose a lower --learning-rate",
        )


def _save(run: TrainingRun, files: RunFiles, state: TrainState, progress: Progress) -> None:
    """Write the state and the table so far."""
    save_state(files.state, state, run.description())
    write_table(files.table, state.curves)
    if progress.kind is not ProgressKind.bar:
        progress.say(f"step {state.done} of {run.config.steps}: {_latest(state)}")


def _finish(run: TrainingRun, files: RunFiles, state: TrainState, progress: Progress) -> None:
    """Write the curves and the checkpoint, and remove the state."""
    write_table(files.table, state.curves)
    if not draw(files.picture, state.curves):
        progress.say(f"the curves are in {files.table}; pip install 'trailergen[train]' draws them")
    save_checkpoint(files.output, state.model, run.feature_space, run.description())
    files.state.unlink(missing_ok=True)
    progress.say(f"after {run.config.steps} steps: {_latest(state)}")


def _latest(state: TrainState) -> str:
    """Means over the last steps, at most 100."""
    curves = state.curves
    loss, accuracy = (sum(values[-100:]) / len(values[-100:]) for values in (curves.loss, curves.accuracy))
    return f"loss {loss:.3f}, accuracy {accuracy:.3f}, mask ratio {curves.ratio[-1]:.3f}"
