"""The networks that look at and listen to a film in its one decode; their weights come inside packages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailergen.weights import find_weights

if TYPE_CHECKING:
    from torch import nn

    from trailergen.shots.efficientnet import EfficientNet
    from trailergen.shots.silero import Silero

EFFICIENTNET, SILERO = "efficientnet-lite0", "silero-vad"


@dataclass(frozen=True)
class Networks:
    """``transnet`` tells shots apart, ``efficientnet`` sees what is in them, both on one device; ``silero`` hears
    speech."""

    transnet: nn.Module
    efficientnet: EfficientNet
    silero: Silero


def load_networks(device: str = "cpu") -> Networks:
    """All of them. Raises WeightsError where a package or its weights are missing or damaged."""
    from trailergen.shots.detect import load_transnet
    from trailergen.shots.efficientnet import load_efficientnet
    from trailergen.shots.silero import load_silero

    return Networks(load_transnet(device), load_efficientnet(device), load_silero())


def packaged_weights(*names: str) -> dict[str, str]:
    """SHA-256 by name of weights that an analysis depends on, by default of all. Of TransNet V2 none is published."""
    return {name: find_weights(name).sha256 for name in names or (EFFICIENTNET, SILERO)}
