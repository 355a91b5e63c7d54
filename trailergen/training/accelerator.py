"""The processors of a run: one process on one of them, or the processes that torchrun started.

The loop is the same everywhere. Every process works out the whole batch and its masks, which are functions of the
step, takes its own rows of it, and learns the sums over all rows: a run on several GPUs is the run on one, up to
rounding. A GPU computes in bfloat16 where that loses nothing (cosines stay in float32), a CPU where it is asked to; it
gives the same bits each time.

Nothing is compiled: ``torch.compile`` of films of every length fails on CUDA under autocast (docs/training.md).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol

import torch
from torch import Tensor

from trailergen.errors import UsageError
from trailergen.runtime.device import Device, resolve_device

if TYPE_CHECKING:
    from trailergen.ssmp.model import SSMP

Forward = Callable[..., Tensor]
"""``SSMP.forward``, as an accelerator runs it."""


Precision = Literal["auto", "fp32", "bf16"]
"""Of the forward pass: ``auto`` is bfloat16 on CUDA and float32 elsewhere."""


class Accelerator(Protocol):
    """One of ``world_size`` processes, number ``rank``, and the processor it computes on."""

    device: torch.device
    rank: int
    world_size: int

    def prepare(self, model: SSMP) -> Forward:
        """The forward pass of a model that lies on ``device``; its parameters stay those of ``model``."""
        ...

    def backward(self, loss: Tensor) -> None:
        """Add to the gradients: of ``loss`` averaged over the processes."""
        ...

    def all_reduce(self, values: Tensor) -> Tensor:
        """The sum of ``values`` over the processes."""
        ...


class SingleProcess:
    """One process on one processor."""

    rank = 0
    world_size = 1

    def __init__(self, device: torch.device | str = "cpu", precision: Precision = "auto") -> None:
        self.device, self.narrow = torch.device(device), is_narrow(precision, torch.device(device).type)

    def prepare(self, model: SSMP) -> Forward:
        """The model itself, or under bfloat16 autocast."""
        if not self.narrow:
            return model

        def forward(*batch: Tensor | None) -> Tensor:
            with torch.autocast(self.device.type, torch.bfloat16):
                predicted: Tensor = model(*batch)
            return predicted

        return forward

    def backward(self, loss: Tensor) -> None:
        """Plain backpropagation."""
        loss.backward()  # type: ignore[no-untyped-call]

    def all_reduce(self, values: Tensor) -> Tensor:
        """The values: there is no other process."""
        return values


class DataParallel:
    """One of several processes, joined by Lightning Fabric.

    Raises:
        UsageError: lightning-fabric is not installed.
    """

    def __init__(self, kind: str, precision: Precision = "auto") -> None:
        try:
            from lightning_fabric import Fabric
        except ImportError as error:
            raise UsageError(
                "several processes need lightning-fabric", str(error), "pip install 'trailergen[train]'"
            ) from error
        here = int(os.environ["LOCAL_WORLD_SIZE"])
        self.fabric = Fabric(
            accelerator=kind,
            devices=here,
            num_nodes=int(os.environ["WORLD_SIZE"]) // here,
            strategy="ddp",
            precision="bf16-mixed" if is_narrow(precision, kind) else "32-true",
        )
        self.fabric.launch()
        self.device = self.fabric.device
        self.rank = self.fabric.global_rank
        self.world_size = self.fabric.world_size

    def prepare(self, model: SSMP) -> Forward:
        """Data parallel; under bfloat16 autocast where the precision says so."""
        return self.fabric.setup_module(model)

    def backward(self, loss: Tensor) -> None:
        """Backpropagation that averages gradients over the processes."""
        self.fabric.backward(loss)

    def all_reduce(self, values: Tensor) -> Tensor:
        """Sum over the processes."""
        summed = self.fabric.all_reduce(values, reduce_op="sum")
        if not isinstance(summed, Tensor):
            raise TypeError(f"a sum of tensors is a tensor, not {type(summed).__name__}")
        return summed


def is_narrow(precision: Precision, kind: str) -> bool:
    """True if a device of this kind computes in bfloat16."""
    return precision == "bf16" or (precision == "auto" and kind == "cuda")


def open_accelerator(choice: Device, precision: Precision = "auto") -> Accelerator:
    """The accelerator of this process, which torchrun describes in the environment.

    Raises:
        UsageError: CUDA is asked for and not there, or lightning-fabric is missing where torchrun started several.
    """
    kind = resolve_device(choice)
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        return DataParallel(kind, precision)
    return SingleProcess(kind, precision)
