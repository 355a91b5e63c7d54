"""Seconds of a training step at the paper's size, and what share that is of the card's own matrix products.

4 layers, 4 heads, width 1,024, feed-forward 2,048; I = 2,000, J = 100, batch 5. Operations are those of the matrix
products and of attention, forward and backward; nothing that is computed a second time counts.
"""

from __future__ import annotations

import statistics
from dataclasses import replace

import torch

from benchmarks.gpu.limits import product_rate, seconds
from benchmarks.gpu.parts import Row, Setting, SkippedError
from benchmarks.gpu.resident import Resident, compiled
from trailergen.ssmp.model import ModelConfig
from trailergen.training.accelerator import SingleProcess
from trailergen.training.batches import Example
from trailergen.training.config import TrainConfig
from trailergen.training.loop import TrainState, step

BATCH = 5


def operations(model: ModelConfig, batch: int, shots: int, positions: int) -> float:
    """Floating-point operations of one step: forward, and twice that backward; of eq. 3, whose films learn nothing,
    once that."""
    tokens = shots + positions
    linears = 2 * (4 * model.width**2 + 2 * model.width * model.ffn) * tokens
    attention = 2 * 2 * tokens**2 * model.width
    logits = 2 * positions * shots * model.feature_dim
    return float(batch * (3 * model.layers * (linears + attention) + 2 * logits))


def steps(setting: Setting, *options: str) -> list[Row]:
    """The step that keeps everything on the device: ``mask``, ``compile``, ``graph``, ``cudnn`` as they are named."""
    on_card = setting.device == "cuda"
    examples, config = _films(setting, alike=True), _config(setting)
    if on_card:
        torch.cuda.reset_peak_memory_stats()
    try:
        resident = Resident(
            config,
            examples,
            BATCH,
            setting.device,
            masked="mask" in options,
            forward=compiled(anew=True) if "compile" in options and on_card else None,
            graphed="graph" in options and on_card,
            cudnn="cudnn" in options and on_card,
        )
        resident.step(range(BATCH))
    except RuntimeError as error:
        if "kernel" not in str(error).lower() or "cudnn" not in options:
            raise
        raise SkippedError(f"there is no such attention for this size: {error}") from error
    for _ in range(setting.size(3, 0)):
        resident.repeat()
    times, limits = [], []
    for _ in range(setting.size(5, 1)):
        limits.append(product_rate(setting))

        def several() -> None:
            for _ in range(setting.size(10, 1)):
                resident.repeat()

        times.append(seconds(several, setting.device) / setting.size(10, 1))
    return [_row(setting, " ".join(options) or "eager, no mask", times, limits)]


def product(setting: Setting, kind: str) -> list[Row]:
    """The step of ``training/loop.py``, its batch put together on the CPU and sent; films ``alike`` or ``padded``."""
    examples, config, place = _films(setting, kind == "alike"), _config(setting), SingleProcess(setting.device)
    state = TrainState.start(config, place.device)
    if setting.device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    forward = place.prepare(state.model.train())
    for _ in range(setting.size(5, 1)):
        step(config, state, examples, place, forward)
    times, limits = [], []
    for _ in range(setting.size(20, 1)):
        limits.append(product_rate(setting))
        times.append(seconds(lambda: step(config, state, examples, place, forward), setting.device))
    return [_row(setting, f"eager, batch from the CPU, films {kind}", times, limits)]


def _row(setting: Setting, what: str, times: list[float], limits: list[float]) -> Row:
    shots, positions = _size(setting)
    taken, limit = statistics.median(times), statistics.median(limits)
    rate = operations(_config(setting).model, BATCH, shots, positions) / taken
    memory = torch.cuda.max_memory_allocated() / 2**30 if setting.device == "cuda" else 0.0
    found = f"{taken * 1000:.2f} ms ({min(times) * 1000:.2f} to {max(times) * 1000:.2f}), {rate / 1e12:.0f} TFLOP/s"
    share = rate / limit
    figures = {"seconds": taken, "flop_per_s": rate, "limit": limit, "share": share, "GiB": memory}
    return Row(f"{what}: a step", f"{found}, {share:.0%} of {limit / 1e12:.0f}, {memory:.1f} GiB", figures=figures)


def _size(setting: Setting) -> tuple[int, int]:
    return setting.size(2000, 40), setting.size(100, 6)


def _config(setting: Setting) -> TrainConfig:
    model = ModelConfig()
    if setting.tiny:
        model = replace(model, feature_dim=64, width=64, ffn=128)
    return TrainConfig(model, 1000)


def _films(setting: Setting, alike: bool) -> list[Example]:
    """Films of I shots, or of up to 4 % fewer, as batches of similar length have them."""
    shots, positions = _size(setting)
    drawn = torch.Generator().manual_seed(0)
    found = []
    for number in range(BATCH):
        own = shots if alike else shots - number * shots // 100
        film = torch.randn(own, _config(setting).model.feature_dim, generator=drawn)
        labels = torch.randperm(own, generator=drawn)[:positions]
        found.append(Example(film, film[labels], labels))
    return found
