"""Settings of an evaluation: its cases, and the examples of the baselines that learn."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from trailergen.errors import UsageError
from trailergen.settings.group import Group
from trailergen.settings.option import option

FEWEST_SHOTS = 24
"""Of a simulated film."""


@dataclass(frozen=True)
class CaseSettings(Group):
    """The films that trailers are made for, and the seeds."""

    panel: ClassVar[str] = "Films"

    dataset: Path | None = option(
        None,
        help="Folder of films and official trailers to evaluate on, ours or in the layout of CMTD.",
        unit="FOLDER",
        default_text="simulated films",
    )
    alignment: Path | None = option(
        None,
        help="Table that names by hand the film's shots in the only trailer of --dataset.",
        unit="CSV",
        default_text="the dataset's labels, or eq. 1",
    )
    subset: Path | None = option(
        None,
        help="File that names films of --dataset, one a line; the others are left out, as in Test-8 and Test-74.",
        unit="FILE",
        default_text="all films",
    )
    films: int = option(60, help="Simulated films to make trailers for.", unit="N", least=1)
    film_seed: int = option(1_000_003, help="Seed of the simulated films.", unit="N", least=0, most=2**62)
    seeds: int = option(3, help="Seeds with which every method is tried.", unit="N", least=1)

    def check(self) -> None:
        """Raises UsageError for a table or a subset of no dataset."""
        for name, value in (("--alignment", self.alignment), ("--subset", self.subset)):
            if value is not None and self.dataset is None:
                raise UsageError(f"{name} needs a --dataset")


@dataclass(frozen=True)
class BaselineSettings(Group):
    """The examples of the baselines that learn."""

    panel: ClassVar[str] = "Baselines that learn"

    learn_from: Path | None = option(
        None, help="Dataset that baselines learn from.", unit="FOLDER", default_text="--learn simulated films"
    )
    learn: int = option(
        0, help="Simulated films that baselines learn from; 0 leaves out those that learn.", unit="N", least=0
    )
    steps: int = option(1000, help="Optimisation steps of the baselines that learn.", unit="STEPS", least=1)


@dataclass(frozen=True)
class EvaluationSettings:
    """Everything that is asked of an evaluation beside its checkpoint.

    ``shots`` are bounds of the number of shots of a simulated film. Raises UsageError for bounds that are none.
    """

    cases: CaseSettings = field(default_factory=CaseSettings)
    baselines: BaselineSettings = field(default_factory=BaselineSettings)
    shots: tuple[int, int] = (40, 300)

    def __post_init__(self) -> None:
        smallest, largest = self.shots
        if not FEWEST_SHOTS <= smallest <= largest:
            raise UsageError(
                f"--shots {smallest} {largest}: films have {FEWEST_SHOTS} shots or more, the lower bound comes first"
            )
