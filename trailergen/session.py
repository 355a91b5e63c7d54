"""The session that every stage works with, and the places of a plan's inputs now."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trailergen.errors import InputError
from trailergen.runtime.cache import StageCache, default_cache_dir
from trailergen.runtime.device import Device, Hwaccel
from trailergen.runtime.generators import kept_generators
from trailergen.runtime.memory import Memory
from trailergen.runtime.models import Models
from trailergen.runtime.places import is_file
from trailergen.runtime.progress import Progress, ProgressKind, Tick
from trailergen.runtime.threads import limited_threads

OnProgress = Callable[[str, float, float | None], None]
"""Is told of a stage's name, the units done, and how many there are, None where that is not known."""
OnNote = Callable[[str], None]

_log = logging.getLogger("trailergen")


class Session:
    """Cache, display, processor, decoder and loaded models: everything that stages share.

    A session keeps the models it has loaded: use one for several films. It opens nothing and needs no closing.

    Args:
        cache: the folder of finished stages, or a cache; None for ``$TRAILERGEN_CACHE``, else this user's cache folder.
        progress: a display; None for the callbacks.
        device: where the models run: ``auto`` (CUDA where there is a GPU), ``cpu`` or ``cuda``.
        hwaccel: what decodes films that are analysed: ``auto`` (follows the device), ``none``, ``cuda`` or another.
        models: that are loaded already.
        memory: of what is known of films; by default nothing is kept beside the cache.
        threads: processor cores to use; None for all.
        on_progress: is called as stages advance, perhaps from other threads.
        on_note: is told, in a sentence each, what is worth knowing; by default it goes to the logger ``trailergen``.

    Raises:
        ValueError: there is no such device or hwaccel.
    """

    def __init__(
        self,
        cache: StageCache | Path | str | None = None,
        progress: Progress | None = None,
        device: Device | str = Device.auto,
        hwaccel: Hwaccel | str = Hwaccel.auto,
        models: Models | None = None,
        *,
        memory: Memory | None = None,
        threads: int | None = None,
        on_progress: OnProgress | None = None,
        on_note: OnNote | None = None,
    ) -> None:
        self.cache = cache if isinstance(cache, StageCache) else StageCache(Path(cache or default_cache_dir()))
        self.progress = progress or _Reported(on_progress, on_note or _log.info)
        self.device = Device(device)
        self.hwaccel = Hwaccel(hwaccel)
        self.models = models or Models()
        self.memory = memory or Memory()
        self.threads = threads

    def waits_for(self, what: str) -> Callable[[], None]:
        """Something to call before waiting for another process: tells the user what for."""
        return lambda: self.progress.note(f"another run makes {what} just now: waiting for it")

    @contextmanager
    def limits(self) -> Iterator[None]:
        """While the block runs this session's cores are used; afterwards threads and generators are as they were."""
        with limited_threads(self.threads), kept_generators():
            yield


class _Reported(Progress):
    """Tells callbacks instead of showing anything."""

    def __init__(self, on_progress: OnProgress | None, on_note: OnNote) -> None:
        super().__init__(ProgressKind.none)
        self._on_progress, self._on_note = on_progress, on_note

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Tick]:
        """Tell of one stage while the block runs; yields its tick."""
        done = 0.0
        tell = self._on_progress or (lambda _stage, _done, _total: None)

        def tick(units: float) -> None:
            nonlocal done
            done += units
            tell(name, done, total)

        tell(name, done, total)
        yield tick
        tell(name, done if total is None else total, total)

    def say(self, text: str) -> None:
        """Tell one thing."""
        self.note(text)

    def note(self, text: str) -> None:
        """Tell one thing."""
        self._on_note(self._named(text))


def locate(session: Session, name: str, given: Path | None, recorded: str, sha256: str) -> Path:
    """The film or music of a plan: where the plan says, or where the user says it is now.

    Raises:
        InputError: it is not there, or it is another file.
    """
    path = given or Path(recorded)
    if given is not None and not is_file(path):
        raise InputError(f"there is no file {path}", hint=f"--{name} says where the plan's {name} is now")
    if not is_file(path):
        raise InputError(f"the plan's {name} {path} is not there", hint=f"say where it is with --{name}")
    if session.cache.fingerprint(path) != sha256:
        raise InputError(
            f"{path} is not the {name} this plan was made from",
            "its SHA-256 is another",
            f"give the right one with --{name}",
        )
    return path
