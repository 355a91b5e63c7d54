"""Where a run computes: one process on one processor, or the processes that torchrun started.

The loop is the same everywhere. Every process works out the whole batch and its masks, which are functions of the
step, takes its own rows of it, and learns the sums over all rows: a run on several GPUs is the run on one, up to
rounding. A GPU computes in bfloat16 where that loses nothing (cosines stay in float32); the CPU does not and gives the
same bits each time.

Nothing is compiled: ``torch.compile`` with ``dynamic=True``, which films of every length need, broke on CUDA under
autocast, by an AssertionError in inductor's ``tiling_utils`` of torch 2.11. What that costs is seen in the steps that
``benchmarks/gpu`` makes at the paper's size, all films on the card, an H200: 15.4 ms eager without a mask, 17.4 with
one, 10.9 compiled for shapes that never change and replayed as a CUDA graph.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import torch
from torch import Tensor

from trailergen.errors import UsageError
from trailergen.runtime.device import Device, resolve_device

if TYPE_CHECKING:
    from trailergen.ssmp.model import SSMP

Forward = Callable[..., Tensor]
"""``SSMP.forward``, as this machine runs it."""


class Machine(Protocol):
    """One of ``processes`` processes, number ``rank``, and the processor it computes on."""

    device: torch.device
    rank: int
    processes: int

    def prepare(self, model: SSMP) -> Forward:
        """The forward pass of a model that lies on ``device``; its parameters stay those of ``model``."""
        ...

    def backward(self, loss: Tensor) -> None:
        """Add to the gradients: of ``loss`` averaged over the processes."""
        ...

    def total(self, values: Tensor) -> Tensor:
        """The sum of ``values`` over the processes."""
        ...


class OneProcess:
    """The usual machine."""

    rank = 0
    processes = 1

    def __init__(self, device: torch.device | str = "cpu") -> None:
        self.device = torch.device(device)

    def prepare(self, model: SSMP) -> Forward:
        """Under bfloat16 autocast on CUDA; the model itself elsewhere."""
        if self.device.type != "cuda":
            return model

        def forward(*batch: Tensor | None) -> Tensor:
            with torch.autocast("cuda", torch.bfloat16):
                predicted: Tensor = model(*batch)
            return predicted

        return forward

    def backward(self, loss: Tensor) -> None:
        """Plain backpropagation."""
        loss.backward()  # type: ignore[no-untyped-call]

    def total(self, values: Tensor) -> Tensor:
        """The values: there is no other process."""
        return values


class ManyProcesses:
    """One of several processes, joined by Lightning Fabric.

    Raises:
        UsageError: lightning-fabric is not installed.
    """

    def __init__(self, kind: str) -> None:
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
            precision="bf16-mixed" if kind == "cuda" else "32-true",
        )
        self.fabric.launch()
        self.device = self.fabric.device
        self.rank = self.fabric.global_rank
        self.processes = self.fabric.world_size

    def prepare(self, model: SSMP) -> Forward:
        """Data parallel; on CUDA under bfloat16 autocast."""
        return self.fabric.setup_module(model)

    def backward(self, loss: Tensor) -> None:
        """Backpropagation that averages gradients over the processes."""
        self.fabric.backward(loss)

    def total(self, values: Tensor) -> Tensor:
        """Sum over the processes."""
        summed = self.fabric.all_reduce(values, reduce_op="sum")
        if not isinstance(summed, Tensor):
            raise TypeError(f"a sum of tensors is a tensor, not {type(summed).__name__}")
        return summed


def open_machine(choice: Device) -> Machine:
    """The machine this process is part of: torchrun says so in the environment.

    Raises:
        UsageError: CUDA is asked for and not there, or lightning-fabric is missing where torchrun started several.
    """
    kind = resolve_device(choice)
    return ManyProcesses(kind) if int(os.environ.get("WORLD_SIZE", "1")) > 1 else OneProcess(kind)
