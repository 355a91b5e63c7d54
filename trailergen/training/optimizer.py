"""AdamW as every trained network has it, and its learning rate."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from trailergen.training.config import TrainConfig


def adamw(module: nn.Module, config: TrainConfig) -> torch.optim.AdamW:
    """The optimizer of a network's parameters."""
    groups = parameter_groups(module, config.weight_decay)
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, config.beta2))


def parameter_groups(module: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Matrices, which decay, and vectors (norm gains, placeholders), which do not."""
    parameters = list(module.parameters())
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


def clip_gradients(module: nn.Module, config: TrainConfig) -> None:
    """Scale the gradients down to the configuration's largest norm; not at all where that is 0."""
    if config.clip:
        torch.nn.utils.clip_grad_norm_(module.parameters(), config.clip)


def set_learning_rate(optimizer: torch.optim.Optimizer, config: TrainConfig, step: int) -> None:
    """Give all parameters the learning rate of a step, counted from 0."""
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(config, step)


def learning_rate(config: TrainConfig, step: int) -> float:
    """The learning rate of a step, counted from 0."""
    return config.learning_rate * cosine_with_warmup(step, config.steps, config.warmup)


def cosine_with_warmup(step: int, steps: int, warmup: float) -> float:
    """Learning rate as a share of its peak: a line up over ``warmup`` of the steps, then half a cosine to 0."""
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / rising
    return float(0.5 * (1 + np.cos(np.pi * (step - rising) / max(1, steps - rising))))
