"""Trainings of SSMP that were made ahead of their evaluation, on a card, and kept beside the finished experiments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from benchmarks.paper.ablations import Ablation
from benchmarks.paper.protocols import Protocol
from trailergen.runtime.cache import StageCache, atomic_output
from trailergen.ssmp.model import SSMP
from trailergen.training.loop import LearningCurves

_VERSION = 1
"""Of the trainings; raise it when the same facts give others."""


@dataclass(frozen=True)
class Trained:
    """A trained model, its curves, and the name of the card that it was trained on; None: on the CPU."""

    model: SSMP
    curves: LearningCurves
    card: str | None = None


def kept_path(cache: StageCache, protocol: Protocol, ablation: Ablation, order: str, seed: int) -> Path:
    """The file of a training."""
    facts = {"size": protocol.facts, "ssmp": asdict(ablation), "order": order, "seed": seed}
    return cache.folder("trained") / f"{cache.key('trained', _VERSION, facts)}.pt"


def keep(path: Path, trained: Trained) -> None:
    """Write a training. Raises OutputError."""
    weights = {name: value.detach().cpu() for name, value in trained.model.state_dict().items()}
    with atomic_output(path) as temporary:
        torch.save({"weights": weights, "curves": vars(trained.curves), "card": trained.card}, temporary)


def kept(path: Path, protocol: Protocol) -> Trained | None:
    """A training, its model on the CPU in evaluation mode; None where there is none."""
    if not path.exists():
        return None
    found: Mapping[str, Any] = torch.load(path, weights_only=True)
    model = SSMP(protocol.budget.model)
    model.load_state_dict(found["weights"])
    return Trained(model.eval(), LearningCurves(**found["curves"]), found["card"])
