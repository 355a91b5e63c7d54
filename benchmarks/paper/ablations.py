"""The ablations of the paper: trainings of SSMP that differ in one constant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from trailergen.ssmp.masking import Linear, Random, Schedule, SelfPaced

PAPER_MU_A, PAPER_MU_T = 0.98, 0.1
MU_T = (0.9, 0.5, 0.1, 0.0)
MU_A = (1.0, 0.98, 0.95, 0.9, 0.5, 0.0)
ROUNDS = (1, 2, 4, 8, 16, 32, 64)
"""Most forward passes of the default decoder."""


@dataclass(frozen=True)
class Ablation:
    """One training of SSMP: the mask ratio schedule of Tables 3, 4 and 8, and the loss of Table 6."""

    schedule: str = "self-paced"
    mu_a: float = PAPER_MU_A
    mu_t: float = PAPER_MU_T
    monotone: bool = True
    loss: Literal["ce", "mse"] = "ce"

    def mask_schedule(self, steps: int, seed: int) -> Schedule:
        """The mask ratio of a run of ``steps``."""
        schedules: dict[str, Callable[[], Schedule]] = {
            "self-paced": lambda: SelfPaced(mu_a=self.mu_a, mu_t=self.mu_t, monotone=self.monotone),
            "random": lambda: Random(seed),
            "increased": lambda: Linear(steps),
            "decreased": lambda: Linear(steps, 1.0, 0.1),
        }
        return schedules[self.schedule]()


SCHEDULES = tuple(Ablation(name) for name in ("random", "decreased", "increased", "self-paced"))
NOT_MONOTONE = Ablation(monotone=False)
ABLATIONS = tuple(
    dict.fromkeys(
        (
            *SCHEDULES,
            NOT_MONOTONE,
            *(Ablation(mu_t=mu_t) for mu_t in MU_T),
            *(Ablation(mu_a=mu_a) for mu_a in MU_A),
            Ablation(loss="mse"),
        )
    )
)
"""All that the tables need."""
DECODED = (Ablation(), Ablation("random"))
"""Those that every decoder is tried on: the paper's, and the one that suits decoding from nothing best."""
