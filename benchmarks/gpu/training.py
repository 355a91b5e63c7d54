"""Training on the device against the CPU: the same losses, a resumed run that goes on as it would have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from benchmarks.gpu.parts import Row, Setting
from benchmarks.gpu.resident import Resident
from trailergen.ssmp.masking import Random
from trailergen.ssmp.model import ModelConfig
from trailergen.training.accelerator import SingleProcess
from trailergen.training.batches import Example, epochs
from trailergen.training.config import TrainConfig
from trailergen.training.loop import LearningCurves, TrainState, step, train
from trailergen.training.state import load_state, save_state

STEPS = 20
NO_GRAPHS = "no-graphs"
"""A file that stays where steps cannot be captured: the protocol then does without."""
EXACT, NARROW = 2e-3, 2e-2
"""Largest difference of losses, relative to the CPU's: in float32, in bfloat16."""


def same_losses(setting: Setting) -> list[Row]:
    """Twenty steps on the CPU; in float32 on CUDA; and as the product trains there, in bfloat16."""
    config, examples = config_of(setting), made(setting)
    batches = epochs(examples, 4, 0)
    expected = train(config, batches).curves
    plain = TrainState.start(config, torch.device(setting.device))
    place = SingleProcess(setting.device)
    for number in range(config.steps):
        step(config, plain, batches(number), place)
    rows = [_near("float32", plain.curves, expected, EXACT)]
    usual = train(config, batches, SingleProcess(setting.device)).curves
    return [*rows, _near("as the product trains there", usual, expected, NARROW)]


def resumed(setting: Setting) -> list[Row]:
    """State kept halfway, read again, trained to the end: the curves of the run that was not interrupted."""
    config, examples = config_of(setting), made(setting)
    batches, place = epochs(examples, 4, 0), SingleProcess(setting.device)
    path, half = setting.folder / "state.safetensors", config.steps // 2

    def on_step(state: TrainState) -> None:
        if len(state.curves.loss) == half:
            save_state(path, state, {})

    whole = train(config, batches, place, on_step).curves
    state = load_state(path, config, place.device, {})
    first = state.curves.loss == whole.loss[:half]
    again = train(config, batches, place, state=state).curves
    row = _near(f"resumed after step {half}", again, whole, NARROW)
    same = again.ratio == whole.ratio
    return [
        row,
        Row("the curves that were kept", "the same" if first else "others", "the same", first, {"ratio": same}),
    ]


def captured(setting: Setting) -> list[Row]:
    """The step that keeps everything on the device, eager and as a graph, against the product's on the CPU."""
    config, examples = config_of(setting), made(setting, alike=True)
    batches = epochs(examples, 4, 0)
    unsure = setting.folder / NO_GRAPHS
    unsure.touch()
    numbers = {id(example): number for number, example in enumerate(examples)}
    expected = train(config, batches).curves
    rows = []
    ways = {"eager": {}, "masks": {"masked": True}, "graph": {"graphed": setting.device == "cuda"}}
    for name, options in ways.items():
        resident = Resident(config, examples, 4, setting.device, **({"masked": False} | options))
        for number in range(config.steps):
            resident.step([numbers[id(example)] for example in batches(number)])
        rows.append(_near(f"on the device, {name}", resident.state.curves, expected, NARROW))
    unsure.unlink()
    return rows


def config_of(setting: Setting) -> TrainConfig:
    """A small model; mask ratios that do not depend on the accuracy, where one shot more or less would change masks."""
    width = setting.size(128, 32)
    model = ModelConfig(width, width, setting.size(4, 2), 4, 2 * width, logit_scale=10.0)
    return TrainConfig(model, setting.size(STEPS, 6), 1e-3, schedule=Random(0))


def made(setting: Setting, alike: bool = False) -> list[Example]:
    """Random films whose trailers are some of their shots, of one length or of several."""
    draw = np.random.default_rng(0)
    shots, positions, width = setting.size(200, 40), setting.size(24, 6), setting.size(128, 32)
    found = []
    for number in range(8):
        less = 0 if alike else number
        film = torch.from_numpy(draw.standard_normal((shots - less, width)).astype(np.float32))
        labels = torch.from_numpy(draw.permutation(shots - less)[: positions - less // 2])
        found.append(Example(film, film[labels], labels))
    return found


def _near(what: str, ours: LearningCurves, theirs: LearningCurves, tolerance: float) -> Row:
    def apart(a: Sequence[float], b: Sequence[float]) -> float:
        return max(abs(x - y) / max(abs(y), 1e-9) for x, y in zip(a, b, strict=True))

    losses = apart(ours.loss, theirs.loss)
    ratios = max(abs(x - y) for x, y in zip(ours.ratio, theirs.ratio, strict=True))
    return Row(
        f"{what}: losses over {len(theirs.loss)} steps",
        f"within {losses:.1e}; mask ratios within {ratios:.1e}; the last {ours.loss[-1]:.4f} and {theirs.loss[-1]:.4f}",
        f"within {tolerance:g}",
        losses <= tolerance,
        {"apart": losses, "ratios_apart": ratios, "ours": list(ours.loss), "theirs": list(theirs.loss)},
    )
