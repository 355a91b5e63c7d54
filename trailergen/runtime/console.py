"""Standard output and error that never end the work: what cannot be shown is not shown.

A reader that leaves, a terminal that is closed, a stream that was closed from the beginning, a name that the console's
encoding has no letters for: none of these undoes or ends what a command does.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import select
import sys
from typing import TextIO

# Nobody reads it any more. A full disk is another matter: there somebody wants it.
_GONE = frozenset({errno.EPIPE, errno.EIO, errno.EBADF, errno.ENXIO, errno.ECONNRESET, errno.ENOTCONN, errno.ESHUTDOWN})
_ERRORS = "trailergen.shown"


class _Lasting(io.RawIOBase):
    """A file of this process that takes everything; ``fault`` is why something was lost although somebody wants it."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.fault: OSError | None = None
        self._ended = False

    def fileno(self) -> int:
        return self.descriptor

    def isatty(self) -> bool:
        return os.isatty(self.descriptor)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | memoryview, /) -> int:  # type: ignore[override]
        while not self._ended:
            try:
                return os.write(self.descriptor, data)
            except BlockingIOError:  # whoever shares the terminal made it so
                select.select((), (self.descriptor,), ())
            except OSError as error:
                self._ended = True
                if error.errno not in _GONE:
                    self.fault = error
        return len(data)


def open_console() -> None:
    """Make this process's standard streams such. What was closed goes nowhere, and no file takes its number."""
    codecs.register_error(_ERRORS, _shown)
    for number, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # the lowest number that is free: this one
    sys.stdin = sys.stdin or io.TextIOWrapper(io.FileIO(0, closefd=False))
    sys.stdout, sys.stderr = _stream(1, sys.stdout), _stream(2, sys.stderr)


def lost() -> OSError | None:
    """Why standard output is not whole, flushed; None where it is, or nobody reads it."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.fault if isinstance(raw, _Lasting) else None


def _stream(number: int, known: TextIO | None) -> TextIO:
    encoding = "utf-8" if known is None else known.encoding
    lines = number == 2 or os.isatty(number)
    buffer = io.BufferedWriter(_Lasting(number))  # type: ignore[type-var]
    return io.TextIOWrapper(buffer, encoding, _ERRORS, line_buffering=lines)


def _shown(error: UnicodeError) -> tuple[str | bytes, int]:
    """For names: bytes that are no text are written as they are, letters that there are not as numbers."""
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeError:
        return codecs.lookup_error("backslashreplace")(error)
