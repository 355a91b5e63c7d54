"""An unfinished run on disk: everything it needs to go on as if nothing had happened.

One safetensors file beside the checkpoint to be: weights, AdamW's moments, curves, the pace of the mask ratio, and a
description of the run. Random draws are functions of the step and need no storing. Nothing in it is executable.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from trailergen.errors import InputError, UsageError
from trailergen.runtime.cache import atomic_output
from trailergen.ssmp.checkpoint import current_tensors, current_training
from trailergen.ssmp.masking import Pace
from trailergen.training.config import TrainConfig
from trailergen.training.loop import LearningCurves, TrainState

FORMAT = "trailergen.train-state/1"
_METADATA_KEY = "trailergen"


def save_state(path: Path, state: TrainState, run: Mapping[str, Any]) -> None:
    """Write the state whole or not at all.

    Args:
        path: of the file.
        state: after any step.
        run: identity of the run, as JSON values; ``load_state`` refuses a state of another.

    Raises:
        OutputError: the file cannot be written.
    """
    tensors = {f"model.{name}": tensor for name, tensor in state.model.state_dict().items()}
    for number, moments in state.optimizer.state_dict()["state"].items():
        tensors |= {f"adamw.{number}.{name}": value for name, value in moments.items()}
    tensors |= {
        f"curves.{name}": torch.tensor(values, dtype=torch.float64) for name, values in vars(state.curves).items()
    }
    about = {"format": FORMAT, "pace": asdict(state.pace), "run": run}
    with atomic_output(path) as temporary:
        save_file(
            {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()},
            temporary,
            {_METADATA_KEY: json.dumps(about)},
        )


def load_state(path: Path, config: TrainConfig, device: torch.device, run: Mapping[str, Any]) -> TrainState:
    """Read the state of the run that ``config`` and ``run`` describe, onto ``device``.

    Raises:
        InputError: the file cannot be read, or is no such state.
        UsageError: it belongs to another run; the message names the differences.
    """
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            about = json.loads((file.metadata() or {})[_METADATA_KEY])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if about["format"] != FORMAT:
            raise ValueError(f"its format is {about['format']!r}, expected {FORMAT!r}")
        _same_run(path, current_training(about["run"]), run)
        return _restored(tensors, Pace(**about["pace"]), config, device)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise InputError(
            f"cannot go on from {path}",
            str(error) if not isinstance(error, KeyError) else f"it lacks {error}",
            "--no-resume starts the training again",
        ) from error


def _restored(tensors: Mapping[str, Tensor], pace: Pace, config: TrainConfig, device: torch.device) -> TrainState:
    state = TrainState.start(config, device)
    state.model.load_state_dict(current_tensors(_under("model.", tensors)))
    moments: dict[int, dict[str, Tensor]] = {}
    for name, value in _under("adamw.", tensors).items():
        number, _, key = name.partition(".")
        moments.setdefault(int(number), {})[key] = value
    state.optimizer.load_state_dict({**state.optimizer.state_dict(), "state": moments})
    curves = LearningCurves(**{name: values.tolist() for name, values in _under("curves.", tensors).items()})
    return TrainState(state.model, state.optimizer, pace, curves)


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _same_run(path: Path, stored: Mapping[str, Any], run: Mapping[str, Any]) -> None:
    # As it would be read back: tuples are lists there.
    wanted = json.loads(json.dumps(run))
    was, now = _flat(stored), _flat(wanted)
    different = [
        f"{name} was {was.get(name)}, is {now.get(name)}" for name in now | was if was.get(name) != now.get(name)
    ]
    if different:
        raise UsageError(
            f"{path} is left from another training",
            "; ".join(different),
            "train to another --output, use the same options to go on, or --no-resume to start again",
        )


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat
