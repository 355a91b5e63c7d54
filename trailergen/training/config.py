"""The configuration of one training."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from trailergen.settings.training import OptimizerSettings
from trailergen.ssmp.masking import Schedule, SelfPaced
from trailergen.ssmp.model import ModelConfig


@dataclass(frozen=True)
class TrainConfig:
    """One training; the defaults are the paper's (section 4.1), but for ``steps``, which depend on the data.

    Args:
        model: size of the model.
        steps: optimisation steps in all.
        learning_rate: peak of the cosine.
        warmup: share of the steps in which the rate rises to it.
        weight_decay, beta2: of AdamW. Decay spares vectors (norm gains, the placeholder), as is usual.
        clip: largest gradient norm, 0 for none. The paper names none. With 1.0 nearly every step of a cross-entropy
            summed over positions is clipped, and the factor 1/t of eq. 4 no longer counts from step to step.
        loss: ``ce`` is the cross-entropy of eq. 4, ``mse`` the squared error of Table 6.
        schedule: of the mask ratio.
        seed: of the initial weights and of the masks.
    """

    model: ModelConfig
    steps: int
    learning_rate: float = OptimizerSettings.learning_rate
    warmup: float = OptimizerSettings.warmup
    weight_decay: float = OptimizerSettings.weight_decay
    beta2: float = OptimizerSettings.beta2
    clip: float = OptimizerSettings.clip
    loss: Literal["ce", "mse"] = "ce"
    schedule: Schedule = field(default_factory=SelfPaced)
    seed: int = 0
