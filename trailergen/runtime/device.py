"""The processors that run the models and decode films."""

from __future__ import annotations

from enum import StrEnum

from trailergen.errors import UsageError


class Device(StrEnum):
    """A choice of processor. ``auto`` is CUDA where there is a GPU, else the CPU."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


class Hwaccel(StrEnum):
    """The decoder of a film that is analysed. ``auto`` is the graphics card where the models run on one too."""

    auto = "auto"
    none = "none"
    cuda = "cuda"
    vaapi = "vaapi"
    qsv = "qsv"
    videotoolbox = "videotoolbox"
    d3d11va = "d3d11va"
    amf = "amf"


def resolve_device(choice: Device) -> str:
    """The torch device string for a choice; on the CPU torch will use the cores that this run may (runtime/threads.py).

    Raises UsageError where CUDA is asked for and not there.
    """
    import torch

    from trailergen.runtime.threads import let_torch_use_cores

    let_torch_use_cores()
    available = torch.cuda.is_available()
    if choice is Device.cuda and not available:
        raise UsageError(
            "--device cuda: torch finds no CUDA device",
            f"torch {torch.__version__}, CUDA build {torch.version.cuda}",
            "use --device cpu, or install the driver and a CUDA build of torch",
        )
    return "cuda" if available and choice is not Device.cpu else "cpu"
