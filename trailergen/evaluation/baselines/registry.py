"""The baselines by name. A new one is a ``Method`` in a file of its own, and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from trailergen.evaluation.baselines.clip_it import CLIPIt
from trailergen.evaluation.baselines.ipot import IPOT
from trailergen.evaluation.baselines.m2t import M2T
from trailergen.evaluation.baselines.mmsc import MMSC
from trailergen.evaluation.baselines.muvee import Muvee
from trailergen.evaluation.baselines.otvs import OTVS
from trailergen.evaluation.baselines.ppbvam import PPBVAM
from trailergen.evaluation.baselines.random import RandomChoice
from trailergen.evaluation.baselines.tgt import TGT
from trailergen.evaluation.baselines.uniform import UniformChoice
from trailergen.evaluation.baselines.v2t import V2T
from trailergen.evaluation.baselines.vasnet import VASNet, VASNetLabels
from trailergen.evaluation.budget import TrainingBudget
from trailergen.evaluation.methods import Method

BASELINES: Mapping[str, type[Method]] = {
    "VASNet": VASNet,
    "VASNet-labels": VASNetLabels,
    "CLIP-It": CLIPIt,
    "OTVS": OTVS,
    "Muvee": Muvee,
    "M2T": M2T,
    "V2T": V2T,
    "PPBVAM": PPBVAM,
    "IPOT": IPOT,
    "MMSC": MMSC,
    "TGT": TGT,
    "random": RandomChoice,
    "uniform": UniformChoice,
}
"""In the order of Table 1, which has neither VASNet-labels nor random and uniform choice."""


def baselines(budget: TrainingBudget) -> dict[str, Method]:
    """All baselines, not trained; those that learn share the budget."""
    return {name: method.within(budget) for name, method in BASELINES.items()}
