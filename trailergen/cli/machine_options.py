"""The options of commands that analyse films: with what of this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailergen.cli import options as o
from trailergen.runtime.device import Device, Hwaccel

if TYPE_CHECKING:
    from trailergen.runtime.models import Models
    from trailergen.runtime.progress import ProgressKind
    from trailergen.session import Session


@dataclass(frozen=True)
class MachineOptions:
    """What a film is analysed with."""

    cache_dir: o.CacheOption = None
    device: o.DeviceOption = Device.auto
    threads: o.ThreadsOption = None
    hwaccel: o.HwaccelOption = Hwaccel.auto
    offline: o.OfflineOption = False

    def open_session(self, progress: ProgressKind, models: Models | None = None) -> Session:
        """The cache, display and processor of one run, and the models that are loaded already."""
        return o.open_session(
            self.cache_dir, progress, self.device, self.offline, self.threads, self.hwaccel, models=models
        )
