"""One process at a time: a lock that leaves nothing behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def in_silence() -> None:
    """The ``waiting`` of somebody who has nobody to tell."""


@contextmanager
def alone(path: Path, waiting: Callable[[], None] = in_silence) -> Iterator[None]:
    """Run the block while no other process or thread is in one of the same ``path``.

    The file is there only meanwhile; a killed process leaves it empty and unlocked. Where a folder cannot be written or
    a file system knows no locks, the block runs all the same: results appear whole in any case.

    Args:
        path: of the lock, in an existing folder.
        waiting: is called once where another is in the block, before waiting for it; what it raises ends the attempt.
    """
    try:
        import fcntl  # noqa: F401
    except ImportError:
        with _alone_on_windows(path, waiting):
            yield
        return
    held = _lock(path, waiting)
    try:
        yield
    finally:
        if held is not None:
            with suppress(OSError):
                # While it is held: who waits for it will see that it is gone, and begin with a new one.
                if _is_at(held, path):
                    path.unlink()
            os.close(held)


def _lock(path: Path, waiting: Callable[[], None]) -> int | None:
    """A descriptor of the locked file that lies at ``path``; None where nothing can be locked."""
    import fcntl

    told = False
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError:
            return None
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not told:
                    waiting()
                told = True
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_at(descriptor, path):
                return descriptor
        except OSError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    """True if the open file is the one at this path, not one that was removed meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False


@contextmanager
def _alone_on_windows(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """The same where a file that is open cannot be removed: filelock removes it when it is closed."""
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
