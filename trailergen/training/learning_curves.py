"""The learning curves of a run: a table, a picture (Fig. 4 and 5 of the paper), and what TensorBoard reads.

The table is always written. The picture needs matplotlib and the log tensorboard, which ``trailergen[train]`` brings.
"""

from __future__ import annotations

import csv
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import OutputError
from trailergen.runtime.cache import atomic_output
from trailergen.training.loop import LearningCurves

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

Values = NDArray[np.float64]
_NAMES = {"loss": "loss", "accuracy": "training accuracy", "ratio": "mask ratio"}


def write_table(path: Path, curves: LearningCurves) -> None:
    """CSV: step from 1, loss, accuracy, ratio, all digits. Raises OutputError."""
    with atomic_output(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("step", *_NAMES))
        rows = zip(curves.loss, curves.accuracy, curves.ratio, strict=True)
        writer.writerows((number, *row) for number, row in enumerate(rows, start=1))


def draw(path: Path, curves: LearningCurves) -> bool:
    """A PNG of the three curves over the steps, each as it is and smoothed; False without matplotlib.

    Raises:
        OutputError: the file cannot be written.
    """
    if find_spec("matplotlib") is None:
        return False
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 8.0), layout="constrained")
    steps = np.arange(1.0, len(curves.loss) + 1)
    for axes, (name, title) in zip(figure.subplots(3, 1, sharex=True), _NAMES.items(), strict=True):
        values = np.array(getattr(curves, name))
        axes.plot(steps, values, linewidth=0.6, alpha=0.4 if name != "ratio" else 1.0)
        if name != "ratio":
            axes.plot(*_smoothed(steps, values), color="C0", linewidth=1.4)
        axes.set_ylabel(title)
        axes.grid(alpha=0.3)
        if name != "loss":
            axes.set_ylim(0, 1.03)
    figure.supxlabel("step")
    with atomic_output(path) as temporary:
        # No date and no version: the same curves are the same file.
        figure.savefig(temporary, format="png", dpi=120, metadata={"Software": None})
    return True


class TensorBoardLog:
    """Events of a run in a folder, written as it goes; does nothing where tensorboard is not installed.

    Args:
        folder: made if needed; None logs nothing. TensorBoard drops what an earlier try logged there from ``first`` on.
        first: the step to begin with, from 1.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, folder: Path | None, first: int) -> None:
        self.writer: SummaryWriter | None = None
        if folder is None or find_spec("tensorboard") is None:
            return
        from torch.utils.tensorboard import SummaryWriter

        try:
            self.writer = SummaryWriter(str(folder), purge_step=first, flush_secs=10)
        except OSError as error:
            raise OutputError(f"cannot write {folder}", error.strerror or str(error)) from error

    def add(self, curves: LearningCurves) -> None:
        """Log the last step of the curves."""
        if self.writer is not None:
            for name, values in vars(curves).items():
                self.writer.add_scalar(f"train/{name}", values[-1], len(values))

    def close(self) -> None:
        """Write what is left."""
        if self.writer is not None:
            self.writer.close()


def _smoothed(steps: Values, values: Values) -> tuple[Values, Values]:
    """Means over a fiftieth of the run, at the middle of each."""
    window = max(1, len(values) // 50)
    means = np.convolve(values, np.ones(window) / window, mode="valid")
    return steps[: len(means)] + (window - 1) / 2, means
