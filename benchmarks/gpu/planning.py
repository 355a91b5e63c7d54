"""The decoders on the device against the CPU: the same trailers; and the time of a large one."""

from __future__ import annotations

import time

import numpy as np
import torch

from benchmarks.gpu.limits import seconds
from benchmarks.gpu.parts import Row, Setting
from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.decoders.result import DecodingResult
from trailergen.ssmp.facts import MEASURED
from trailergen.ssmp.generate import generate, predictor
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.ssmp.planner import Planner

LOGITS = 1e-4
"""Largest difference in single precision, as a share of the largest value."""
EXACT_S = 25.0
"""Algorithm 1 with eq. 3 as printed is tried at paper size if a pass is so quick that it ends in so many seconds."""


def same_shots(setting: Setting) -> list[Row]:
    """Every decoder, with the starter and with an untrained model in the paper's form.

    The CPU's passes are made by one thread, 4 s in all. As many threads as there are cores wait for each other at every
    product; while other processes want the cores too, as those that simulate films do, a pass then took 5 to 25 times
    as long (two threads, two cores).
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _compared(setting)
    finally:
        torch.set_num_threads(threads)


def _compared(setting: Setting) -> list[Row]:
    shots, positions = setting.size(600, 80), setting.size(40, 8)
    draw = np.random.default_rng(0)
    features = draw.standard_normal((shots, 64)).astype(np.float32)
    length = draw.uniform(1, 8, shots).astype(np.float32)
    facts = ShotFacts(
        np.cumsum(length) - length,
        length,
        dict(zip(MEASURED, draw.uniform(size=(3, shots)).astype(np.float32), strict=True)),
    )
    torch.manual_seed(0)
    untrained = SSMP(ModelConfig(64, 64, 4, 4, 128, logit_scale=10.0)).eval()
    film, constraints = torch.from_numpy(features), Constraints(shots, positions)
    planners = {device: Planner.load(device) for device in ("cpu", setting.device)}

    def started(device: str, decoder: str) -> DecodingResult:
        return planners[device].decode(features, facts, constraints, decoder, 1)

    def plain(device: str, decoder: str) -> DecodingResult:
        return generate(untrained.to(device), film, constraints, decoder, 1)

    rows = [_logits("untrained", untrained, film, positions, setting.device)]
    for name, fill in (("starter", started), ("untrained", plain)):
        for decoder in DECODERS:
            rows.append(_same(f"{decoder}, {name}", fill(setting.device, decoder), fill("cpu", decoder)))
    return rows


def _logits(name: str, model: SSMP, film: torch.Tensor, positions: int, device: str) -> Row:
    """One pass over a trailer that is half filled."""
    placed = np.where(np.arange(positions) % 2, np.arange(positions) * 3 % len(film), -1)
    expected = predictor(model.cpu(), film)(placed)
    apart = float(np.abs(predictor(model.to(device), film)(placed) - expected).max() / np.abs(expected).max())
    found = f"within {apart:.1e} of the largest"
    return Row(f"logits, {name}: CUDA and CPU", found, f"{LOGITS:g}", apart <= LOGITS, {"apart": apart})


def _same(what: str, ours: DecodingResult, theirs: DecodingResult) -> Row:
    same = int((ours.shots == theirs.shots).sum())
    apart = float(np.abs(ours.confidence - theirs.confidence).max())
    found = f"{same} of {len(theirs.shots)} shots, {ours.passes} and {theirs.passes} passes, q within {apart:.1e}"
    ok = same == len(theirs.shots) and ours.passes == theirs.passes
    return Row(f"{what}: CUDA and CPU", found, "all the same", ok, {"passes": ours.passes, "q_apart": apart})


def speed(setting: Setting) -> list[Row]:
    """100 positions from 2,000 shots by a model of the paper's size, untrained: only the time counts."""
    shots, positions = setting.size(2000, 60), setting.size(100, 6)
    torch.manual_seed(0)
    config = ModelConfig(64, 64, 2, 4, 128) if setting.tiny else ModelConfig()
    model = SSMP(config).eval().to(setting.device)
    film = torch.randn(shots, config.feature_dim)
    constraints = Constraints(shots, positions)
    passes: dict[str, int] = {}

    def fill(decoder: str) -> None:
        passes[decoder] = generate(model, film, constraints, decoder).passes

    fill("scheduled")  # what is first takes longer
    rows = []
    each = 0.0
    for decoder in ("scheduled", "greedy", "paper"):
        # As printed, Algorithm 1 takes some two passes for three shots of the film.
        if decoder == "paper" and each * 0.8 * shots > min(EXACT_S, setting.until - time.time()):
            rows.append(Row(f"{decoder}, I = {shots}, J = {positions}", f"not tried: {each * 1000:.0f} ms a pass"))
            continue
        taken = seconds(lambda decoder=decoder: fill(decoder), setting.device)  # type: ignore[misc]
        each = taken / passes[decoder]
        found = f"{taken:.2f} s, {passes[decoder]} passes of {each * 1000:.1f} ms"
        figures = {"seconds": taken, "passes": passes[decoder]}
        rows.append(Row(f"{decoder}, I = {shots}, J = {positions}, paper size", found, figures=figures))
    return rows
