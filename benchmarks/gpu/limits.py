"""The card's own limit, and how time is taken on it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import torch

from benchmarks.gpu.parts import Row, Setting


def matrix_products(setting: Setting) -> list[Row]:
    """Products of large matrices in bfloat16 (float32 on the CPU), and a copy in the device's memory."""
    rate, copied = product_rate(setting), copy_rate(setting)
    side = setting.size(8192, 256)
    figures = {"flop_per_s": rate, "bytes_per_s": copied}
    what = f"{side} x {side} x {side}, random numbers"
    return [Row(what, f"{rate / 1e12:.0f} TFLOP/s, copies {copied / 1e12:.2f} TB/s", figures=figures)]


def product_rate(setting: Setting) -> float:
    """Operations per second of a large matrix product."""
    side = setting.size(8192, 256)
    dtype = torch.bfloat16 if setting.device == "cuda" else torch.float32
    left, right = (torch.randn(side, side, device=setting.device, dtype=dtype) for _ in range(2))
    return 2 * side**3 / median_seconds(lambda: left @ right, setting.device, 20)


def copy_rate(setting: Setting) -> float:
    """Bytes read and written per second by a copy."""
    source = torch.empty(setting.size(2**32, 2**20), dtype=torch.uint8, device=setting.device)
    target = torch.empty_like(source)
    return 2 * len(source) / median_seconds(lambda: target.copy_(source), setting.device, 10)


def median_seconds(work: Callable[[], object], device: str, times: int, warm: int = 3) -> float:
    """Median over ``times`` runs after ``warm`` more, the device's queue empty before and after each."""
    found = []
    for number in range(warm + times):
        taken = seconds(work, device)
        if number >= warm:
            found.append(taken)
    return statistics.median(found)


def seconds(work: Callable[[], object], device: str) -> float:
    """Wall time of one run, the device's queue empty before and after it."""
    settle(device)
    start = time.perf_counter()
    work()
    settle(device)
    return time.perf_counter() - start


def settle(device: str) -> None:
    """Wait until the device has done what it was given."""
    if device == "cuda":
        torch.cuda.synchronize()
