"""The options of commands that analyse films: with what of this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailergen.cli import options as o
from trailergen.device import Device, Hwaccel

if TYPE_CHECKING:
    from trailergen.models import Models
    from trailergen.pipeline import Workshop
    from trailergen.progress import ProgressKind


@dataclass(frozen=True)
class MachineOptions:
    """What a film is analysed with."""

    cache_dir: o.CacheOption = None
    device: o.DeviceOption = Device.auto
    threads: o.ThreadsOption = None
    hwaccel: o.HwaccelOption = Hwaccel.auto
    offline: o.OfflineOption = False

    def workshop(self, progress: ProgressKind, models: Models | None = None) -> Workshop:
        """The cache, display and processor of one run, and the models that are loaded already."""
        return o.workshop(
            self.cache_dir, progress, self.device, self.offline, self.threads, self.hwaccel, models=models
        )
