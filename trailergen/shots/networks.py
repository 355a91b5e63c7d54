"""The networks of a film's one decode, loaded together; their weights come inside packages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from trailergen.shots.efficientnet import EFFICIENTNET, EfficientNet, load_efficientnet
from trailergen.shots.silero import SILERO, Silero, load_silero
from trailergen.weights import find_weights

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Networks:
    """TransNet V2 for shot boundaries and EfficientNet for embeddings, both on one device, and Silero VAD for voice
    activity."""

    transnet: nn.Module
    efficientnet: EfficientNet
    silero: Silero


def load_networks(device: str = "cpu") -> Networks:
    """All of them. Raises WeightsError where a package or its weights are missing or damaged."""
    from trailergen.shots.detect import load_transnet

    return Networks(load_transnet(device), load_efficientnet(device), load_silero())


def packaged_weights(*names: str) -> dict[str, str]:
    """SHA-256 by name of weights that an analysis depends on, by default of all. Of TransNet V2 none is published."""
    return {name: _packaged(name) for name in names or (EFFICIENTNET, SILERO)}


@cache
def _packaged(name: str) -> str:
    """What a package brings stays for as long as a process runs, which may ask for it with every change of a plan."""
    return find_weights(name).sha256
