"""Proxies of a film's parts: made in the background, first what the page waits for, and kept in the cache."""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from pathlib import Path

from trailergen.errors import TrailergenError
from trailergen.media.frames import FrameReader
from trailergen.media.probe import FilmInfo
from trailergen.plans import Plan
from trailergen.rendering.proxy import PROXY_VERSION, encode_proxy
from trailergen.rendering.video import Clip
from trailergen.report.pictures import thumbnail_size
from trailergen.runtime.cache import StageCache, atomic_output
from trailergen.timebase import format_fraction

Part = tuple[int, int]
LONGEST_SIDE = 480
"""Pixels of a proxy's longer side."""
ASKED, CLIPS, LATER = 0, 1, 2
"""How soon a part is made: the page waits for it, the trailer shows it, it might."""


class Proxies:
    """Makes proxies in a thread of its own.

    Args:
        cache: in which they stay.
        film: as probed, where it is now.
        plan: of this film; its size and crop are those of the proxies, where it is not of another shape.
        told: is called with parts made, and parts asked for so far, from the thread.
    """

    def __init__(self, cache: StageCache, film: FilmInfo, plan: Plan, told: Callable[[int, int], None]) -> None:
        self._film, self._rate = film, plan.film.rate
        crop = plan.sequence.crop
        # Clips of a trailer of another shape each show a part of their own: here they are seen whole.
        shape = (crop or plan.film) if plan.sequence.shape else plan.sequence
        self.size = thumbnail_size(shape.width, shape.height, LONGEST_SIDE)
        self._crop = (crop.x, crop.y, crop.width, crop.height) if crop else None
        facts = [PROXY_VERSION, plan.film.sha256, format_fraction(self._rate), self.size, self._crop]
        name = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]
        self._folder = cache.folder(f"proxies/{name}")
        self._told = told
        self._queue: list[tuple[int, int, Part]] = []
        self._order = itertools.count()
        self._state = threading.Condition()
        self._failed: dict[Part, str] = {}
        self._asked: set[Part] = set()
        self._made: set[Part] = set()
        self._held = 0
        self._closed = False
        self._reader = FrameReader(film, self._rate)
        self._thread = threading.Thread(target=self._work, name="proxies", daemon=True)
        self._thread.start()

    def path(self, part: Part) -> Path:
        """The file of a part's proxy, made or not."""
        return self._folder / f"{part[0]}-{part[1]}.h264"

    def want(self, parts: list[Part], soon: int) -> None:
        """Have proxies made, unless they are there."""
        with self._state:
            for part in parts:
                self._asked.add(part)
                if part not in self._made and part not in self._failed:
                    heappush(self._queue, (soon, next(self._order), part))
            self._state.notify_all()

    def wait(self, part: Part, seconds: float) -> Path | None:
        """The proxy of a part, as soon as it is made; None if it cannot be, or takes longer."""
        if (path := self.path(part)).exists():
            return path
        self.want([part], ASKED)
        with self._state:
            self._state.wait_for(lambda: part in self._made or part in self._failed or self._closed, seconds)
        return path if path.exists() else None

    @contextmanager
    def resting(self) -> Iterator[None]:
        """While the block runs no proxy is begun: somebody waits for something else."""
        with self._state:
            self._held += 1
        try:
            yield
        finally:
            with self._state:
                self._held -= 1
                self._state.notify_all()

    def close(self) -> None:
        """Make no more."""
        with self._state:
            self._closed = True
            self._state.notify_all()
        self._thread.join(timeout=10)

    def _next(self) -> Part | None:
        with self._state:
            self._state.wait_for(
                lambda: self._closed or (self._queue and (not self._held or self._queue[0][0] == ASKED))
            )
            return None if self._closed else heappop(self._queue)[2]

    def _work(self) -> None:
        while (part := self._next()) is not None:
            if part in self._made or part in self._failed:
                continue
            failure = None
            try:
                self._make(part)
            except TrailergenError as error:
                failure = error.what
            with self._state:
                if failure is None:
                    self._made.add(part)
                else:
                    self._failed[part] = failure
                counts = len(self._made) + len(self._failed), len(self._asked)
                self._state.notify_all()
            self._told(*counts)

    def _make(self, part: Part) -> None:
        path = self.path(part)
        if path.exists():
            return
        clip = Clip(*part, format_fraction(self._rate), *self.size, fade=0, crop=self._crop)
        with atomic_output(path) as temporary, temporary.open("wb") as file:
            encode_proxy(self._film, clip, self._reader.read(*part), file)
