"""``trailergen doctor``: checks of everything that a trailer needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli.groups import Only, spread
from trailergen.runtime.places import is_file
from trailergen.settings.machine import MachineSettings


@spread
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of lines.")] = False,
    *,
    machine: Annotated[MachineSettings, Only("cache_dir")],
) -> None:
    """Check ffmpeg, the encoders that really encode, the processor, the weights and the cache.

    Exits with the code of the first thing that is broken, 0 if nothing is.
    """
    import json
    from collections.abc import Callable

    from trailergen.errors import TrailergenError
    from trailergen.version import __version__

    checks: dict[str, Callable[[], str]] = {
        "ffmpeg": _ffmpeg,
        "encoders": _encoders,
        "device": _device,
        "hwaccel": _hwaccel,
        "weights": _weights,
        "cache": lambda: _cache(machine.cache_dir),
    }
    code = 0
    found: list[dict[str, object]] = []
    for name, check in checks.items():
        try:
            said, broken = check(), 0
        except TrailergenError as error:
            said, broken = str(error), error.exit_code
        code = code or broken
        found.append(
            {"check": name, "ok": not broken, "exit_code": broken, "lines": [*map(str.strip, said.split("\n"))]}
        )
        if not as_json:
            print(f"{name:<9} {said}")
    if as_json:
        print(json.dumps({"trailergen": __version__, "exit_code": code, "checks": found}, indent=1))
    raise typer.Exit(code)


def _ffmpeg() -> str:
    from trailergen.media.ffmpeg import find_ffmpeg, version

    return f"{find_ffmpeg()} ({version()})"


def _encoders() -> str:
    from trailergen.media.ffmpeg import encoders_that_work

    return ", ".join(encoders_that_work())


def _device() -> str:
    import torch

    from trailergen.runtime.device import Device, resolve_device

    chosen = resolve_device(Device.auto)
    what = torch.cuda.get_device_name() if chosen == "cuda" else f"{torch.get_num_threads()} threads, no CUDA device"
    return f"{chosen} ({what}), torch {torch.__version__}"


def _hwaccel() -> str:
    from trailergen.media.hwaccel import hardware_here

    found = hardware_here()
    working = ", ".join(kind for kind, opens in found.items() if opens)
    return f"{working or 'none opens'} here, this build has {', '.join(found) or 'none'}"


def _weights() -> str:
    from trailergen.cli.weights import size_text
    from trailergen.shots.detect import load_transnet
    from trailergen.weights import accepted, known_weights, shipped_weights, verified, weights_folder

    load_transnet("cpu")
    shipped = shipped_weights().values()
    for weights in shipped:
        verified(weights)
    found: list[str] = []
    absent: list[str] = []
    for weights in known_weights().values():
        if not weights.shipped:
            here = is_file(weights.path)
            note = "" if accepted(weights) else ", licence to be accepted"
            (found if here else absent).append(f"{weights.name} ({size_text(weights.size)}, {weights.licence}{note})")
            if here and accepted(weights):
                verified(weights)
    names = ", ".join(
        ["transnetv2 (MIT)", *(f"{each.name} ({size_text(each.size)}, {each.licence})" for each in shipped)]
    )
    lines = [f"{names}: verified", f"in {weights_folder()}: {', '.join(found) or 'none'}"]
    if absent:
        lines.append(f"to be fetched: {', '.join(absent)}")
    return f"\n{'':<10}".join(lines)


def _cache(cache_dir: Path | None) -> str:
    from trailergen.runtime.cache import StageCache, default_cache_dir

    root = cache_dir or default_cache_dir()
    StageCache(root).folder("stages")
    size = sum(file.stat().st_size for file in root.rglob("*") if file.is_file())
    return f"{root} ({size / 1e6:.1f} MB)"
