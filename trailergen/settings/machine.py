"""The part of this machine that a run may use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from trailergen.runtime.device import Device, Hwaccel
from trailergen.settings.group import Group
from trailergen.settings.option import option


@dataclass(frozen=True)
class MachineSettings(Group):
    """Cache, processors and network. None of it changes a plan."""

    panel: ClassVar[str] = "Machine"

    cache_dir: Path | None = option(
        None,
        help="Folder in which finished stages are kept.",
        unit="DIR",
        default_text="TRAILERGEN_CACHE, or this user's cache folder",
    )
    device: Device = option(Device.auto, help="Where the models run; auto is CUDA where there is a GPU.")
    threads: int | None = option(
        None, help="Processor cores to use.", unit="N", least=1, most=65536, default_text="all"
    )
    hwaccel: Hwaccel = option(
        Hwaccel.auto,
        help="What decodes the film while it is analysed; auto follows --device. trailergen doctor lists those that "
        "this build and machine have.",
    )
    offline: bool = option(False, help="Never open a network connection.")
