"""The parts of the benchmark: what is run, in which order, and how long it may take."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Setting:
    """Place and size of a part.

    Attributes:
        device: of torch, that is compared with the CPU.
        tiny: sizes for a rehearsal.
        folder: of files that are kept between parts and calls.
        until: when the part will be ended, as ``time.time()`` counts.
        keep: where files go that are wanted afterwards.
    """

    device: str
    tiny: bool
    folder: Path
    until: float
    keep: Path

    def size(self, full: int, tiny: int) -> int:
        """One of the two."""
        return tiny if self.tiny else full


@dataclass(frozen=True)
class Row:
    """One line of the table: ``ok`` says whether a check held, and is None where there is only a figure."""

    what: str
    found: str
    expected: str = ""
    ok: bool | None = None
    figures: dict[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


class SkippedError(Exception):
    """A part that cannot be done here; its text says why."""


@dataclass(frozen=True)
class Part:
    """``work`` is MODULE:FUNCTION in this package, called with (setting, *arguments); it gives rows.

    It is begun if at least ``least`` seconds are left for it, and ended after ``most``. The whole run fails with a
    ``check`` that fails, or that comes to no end; where another part fails there is one figure less.
    """

    name: str
    work: str
    most: float
    least: float = 5
    arguments: tuple[str, ...] = ()
    check: bool = False

    def run(self, setting: Setting) -> list[Row]:
        """Do it, in this process."""
        module, _, function = self.work.partition(":")
        work: Callable[..., Sequence[Row]] = getattr(importlib.import_module(f"{__package__}.{module}"), function)
        return list(work(setting, *self.arguments))


PROTOCOL = "protocol"
PARTS = (
    Part("matrix products", "limits:matrix_products", 30),
    Part("decoders", "planning:same_shots", 40, check=True),
    Part("shots", "shots:same_boundaries", 60, check=True),
    Part("training: captured", "training:captured", 45, check=True),
    Part("training", "training:same_losses", 110, 10, check=True),
    Part("training: resumed", "training:resumed", 40, check=True),
    Part("imagebind", "encoders:imagebind", 60, 15, check=True),
    Part("openclip-fast", "encoders:openclip", 40, 10, ("openclip-fast", "ViT-B-32"), check=True),
    Part("efficientnet", "encoders:efficientnet", 30, check=True),
    Part("speed: eager, mask", "speed:steps", 20, 5, ("mask",)),
    Part("speed: eager", "speed:steps", 20, 5, ()),
    Part("speed: eager, cuDNN attention", "speed:steps", 20, 5, ("cudnn",)),
    Part("speed: graph", "speed:steps", 20, 5, ("graph",)),
    Part("speed: compiled, graph", "speed:steps", 60, 10, ("compile", "graph")),
    Part("shots per second", "shots:speed", 20),
    Part("video", "video:hardware", 20),
    Part("plan", "planning:speed", 40),
    Part("speed: the product's step", "speed:product", 60, 10, ("alike",)),
    Part("speed: compiled, graph, cuDNN attention", "speed:steps", 60, 10, ("compile", "graph", "cudnn")),
    Part("speed: the product's step, padded", "speed:product", 60, 10, ("padded",)),
    Part("openclip", "encoders:openclip", 75, 30, ("openclip", "ViT-H-14"), check=True),
    Part(PROTOCOL, "protocol:protocol", 3600, 20),
)
