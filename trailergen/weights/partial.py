"""A partial download: ``FILE.part``, and ``FILE.part.json`` that describes the whole file."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from trailergen.errors import WeightsError
from trailergen.runtime.progress import Tick

SUFFIX = ".part"
_CHUNK = 1 << 22
# Disk that a download leaves to others.
_SPARE_BYTES = 16 << 20


@dataclass(frozen=True)
class Origin:
    """The whole file as a server describes it. ``total`` is its length, 0 if it did not say."""

    url: str
    etag: str = ""
    modified: str = ""
    total: int = 0

    @property
    def validator(self) -> str:
        """The value for ``If-Range`` (RFC 9110, 13.1.5): a strong entity tag, else a date; "" for neither."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


class PartialFile:
    """The bytes that have come so far and their running SHA-256.

    Opening it takes up what an earlier, interrupted download left. ``tick`` gets the bytes there are, and negative
    ones when they are thrown away. Errors of writing are raised as WeightsError.

    Attributes:
        have: number of bytes there are.
        origin: the file they are a part of; None if there are none.
        spliced: True if they come from more than one request.
    """

    def __init__(self, path: Path, tick: Tick) -> None:
        self.path = path
        self.have = 0
        self.origin: Origin | None = None
        self.spliced = False
        self._note = path.with_name(path.name + ".json")
        self._tick = tick
        self._digest = hashlib.sha256()
        with self._writing():
            # Unbuffered: what ``have`` counts is in the file, even after a kill or on a full disk.
            self._file = open(path, "r+b" if path.exists() else "w+b", buffering=0)  # noqa: SIM115
        try:
            self._take_up()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> PartialFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes so far."""
        return self._digest.hexdigest()

    def restart(self, origin: Origin | None) -> None:
        """Throw away the bytes so far. The next come from ``origin``, whose note is written before any of them."""
        with self._writing():
            self._note.unlink(missing_ok=True)
            self._file.seek(0)
            self._file.truncate()
            if origin:
                self._note.write_text(json.dumps(asdict(origin)), encoding="utf-8")
        self._tick(-self.have)
        self.have, self.origin, self.spliced = 0, origin, False
        self._digest = hashlib.sha256()

    def require_room(self, total: int) -> None:
        """Raise WeightsError if the rest of a file of ``total`` bytes does not fit on the disk."""
        with self._writing():
            free = shutil.disk_usage(self.path.parent).free
            if free < total - self.have + _SPARE_BYTES:
                raise OSError(
                    errno.ENOSPC, f"{(total - self.have) / 1e6:.0f} MB are to come, {free / 1e6:.0f} MB are free"
                )

    def append(self, chunk: bytes) -> None:
        """Add the next bytes."""
        left = memoryview(chunk)
        while left:
            with self._writing():
                written = self._file.write(left)
            self._digest.update(left[:written])
            self.have += written
            self._tick(written)
            left = left[written:]

    def complete(self, final: Path) -> None:
        """Give the whole and verified file its name ``final``."""
        with self._writing():
            os.fsync(self._file.fileno())
            self._file.close()
            os.replace(self.path, final)
            self._note.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the files of a download that is of no use."""
        self.restart(None)
        with self._writing():
            self._file.close()
            self.path.unlink(missing_ok=True)

    def _take_up(self) -> None:
        self.origin = _read_note(self._note)
        if self.origin is None:  # nobody knows what these bytes are of
            self.restart(None)
            return
        with self._writing():
            while chunk := self._file.read(_CHUNK):
                self._digest.update(chunk)
                self.have += len(chunk)
                self._tick(len(chunk))
        self.spliced = self.have > 0

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise WeightsError(
                f"cannot write {self.path}",
                error.strerror or str(error),
                "make room or choose another folder with TRAILERGEN_WEIGHTS, and run again: what has come is kept",
            ) from error


def _read_note(path: Path) -> Origin | None:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Origin(str(stored["url"]), str(stored["etag"]), str(stored["modified"]), int(stored["total"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
