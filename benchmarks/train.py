"""Training steps of the paper's model against the machine's own matrix products, in one run.

    python benchmarks/train.py [--shots 2000 --positions 100 --batch 5 --steps 10] [--device cpu|cuda]

On a GPU steps run in bfloat16, and so do the matrix products they are compared with.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable

import torch
from pairs import machine

from trailergen.runtime.device import Device
from trailergen.ssmp.model import ModelConfig
from trailergen.training.accelerator import open_accelerator
from trailergen.training.batches import Example
from trailergen.training.config import TrainConfig
from trailergen.training.loop import TrainState, step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("shots", 2000), ("positions", 100), ("batch", 5), ("steps", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--device", type=Device, default=Device.auto)
    size = parser.parse_args()
    place = open_accelerator(size.device)
    on_gpu = place.device.type == "cuda"

    generator = torch.Generator().manual_seed(0)
    film = torch.randn(size.batch, size.shots, 1024, generator=generator)
    labels = torch.stack([torch.randperm(size.shots, generator=generator)[: size.positions] for _ in film])
    examples = [Example(one, one[chosen], chosen) for one, chosen in zip(film, labels, strict=True)]
    config = TrainConfig(ModelConfig(), size.steps + 3)
    state = TrainState.start(config, place.device)
    forward = place.prepare(state.model.train())

    def train_once() -> None:
        step(config, state, examples, place, forward)

    for _ in range(3):  # allocation
        train_once()
    steps, limits = [], []
    for _ in range(size.steps):
        limits.append(matrix_products(place.device))
        steps.append(seconds(train_once, place.device))
    took, limit = statistics.median(steps), statistics.median(limits)
    work = operations(config.model, size.batch, size.shots + size.positions)
    memory = torch.cuda.max_memory_allocated() if on_gpu else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    kind = torch.cuda.get_device_name() if on_gpu else machine()
    print(
        f"{kind}\n\n"
        f"I = {size.shots}, J = {size.positions}, batch {size.batch}: {took:.3f} s a step "
        f"({min(steps):.3f} to {max(steps):.3f}), {work / took / 1e12:.3f} TFLOP/s, "
        f"{work / took / limit:.2f} of the machine's {limit / 1e12:.3f} in matrix products of "
        f"{'bfloat16' if on_gpu else 'float32'}; {memory / 2**30:.1f} GiB"
    )


def operations(model: ModelConfig, batch: int, tokens: int) -> float:
    """Floating-point operations of one step: forward, and twice that backward."""
    per_token = 2 * (4 * model.width**2 + 2 * model.width * model.ffn) + 4 * tokens * model.width
    return 3.0 * model.layers * per_token * batch * tokens


def matrix_products(device: torch.device, side: int = 2048) -> float:
    """Operations per second of square matrix products."""
    kind = torch.bfloat16 if device.type == "cuda" else torch.float32
    left, right = (torch.randn(side, side, device=device, dtype=kind) for _ in range(2))
    _ = left @ right
    times = 50 if device.type == "cuda" else 3

    def multiply() -> None:
        for _ in range(times):
            _ = left @ right

    return times * 2 * side**3 / seconds(multiply, device)


def seconds(work: Callable[[], object], device: torch.device) -> float:
    """Wall time, the GPU's queue emptied before and after."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    start = time.perf_counter()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
