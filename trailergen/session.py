"""What every stage works with, and where the inputs of a plan lie now."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from trailergen.errors import InputError
from trailergen.runtime.cache import StageCache
from trailergen.runtime.device import Device, Hwaccel
from trailergen.runtime.models import Models
from trailergen.runtime.progress import Progress


@dataclass(frozen=True)
class Session:
    """What every stage works with: cache, display, where the models run, what decodes the film, what is loaded."""

    cache: StageCache
    progress: Progress
    device: Device = Device.auto
    hwaccel: Hwaccel = Hwaccel.none
    models: Models = field(default_factory=Models)


def locate(session: Session, name: str, given: Path | None, recorded: str, sha256: str) -> Path:
    """The film or music of a plan: where the plan says, or where the user says it is now.

    Raises:
        InputError: it is not there, or it is another file.
    """
    path = given or Path(recorded)
    if not path.exists():
        raise InputError(f"the plan's {name} {path} is not there", hint=f"say where it is with --{name}")
    if session.cache.fingerprint(path) != sha256:
        raise InputError(
            f"{path} is not the {name} this plan was made from",
            "its SHA-256 is another",
            f"give the right one with --{name}",
        )
    return path
