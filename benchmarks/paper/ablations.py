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
    """One training of SSMP: the mask ratio schedule of Tables 3, 4 and 8, the loss of Table 6, and the largest norm of
    the gradients, of which the paper says nothing."""

    schedule: str = "self-paced"
    mu_a: float = PAPER_MU_A
    mu_t: float = PAPER_MU_T
    monotone: bool = True
    loss: Literal["ce", "mse"] = "ce"
    clip: float = 1.0

    def mask_schedule(self, steps: int, seed: int) -> Schedule:
        """The mask ratio of a run of ``steps``."""
        schedules: dict[str, Callable[[], Schedule]] = {
            "self-paced": lambda: SelfPaced(mu_a=self.mu_a, mu_t=self.mu_t, monotone=self.monotone),
            "random": lambda: Random(seed),
            "increased": lambda: Linear(steps),
            "decreased": lambda: Linear(steps, 1.0, 0.1),
        }
        return schedules[self.schedule]()


OURS, RANDOM = Ablation(), Ablation("random")
SCHEDULES = tuple(Ablation(name) for name in ("random", "decreased", "increased", "self-paced"))
NOT_MONOTONE = Ablation(monotone=False)
LOSSES = (Ablation(loss="mse"), OURS)
CLIPS = (Ablation(clip=0.0), OURS)
RATIO_MOMENTA = tuple(Ablation(mu_t=mu_t) for mu_t in MU_T)
ACCURACY_MOMENTA = tuple(Ablation(mu_a=mu_a) for mu_a in MU_A)
DECODED = (OURS, RANDOM)
"""Those that every decoder is tried on, in both kinds of order: the paper's, and the one that suits decoding from
nothing best."""
