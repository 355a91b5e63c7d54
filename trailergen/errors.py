"""Every error a user can meet: one root, one subclass per exit code.

An error says what happened, why, and what to do; ``__main__`` prints the three and exits with the
class's code. Code that meets bad input raises one of these and never lets a library's own exception
escape.
"""

from __future__ import annotations

import errno
import os


class TrailergenError(Exception):
    """Root of all errors that are explained to the user.

    Args:
        what: what happened, one line, naming the file or value.
        why: the cause, often a library's or ffmpeg's own words. May span lines.
        hint: what the user can do about it.
    """

    exit_code = 1

    def __init__(self, what: str, why: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join(
            line
            for line in (
                self.what,
                f"  why: {self.why}" if self.why else "",
                f"  try: {self.hint}" if self.hint else "",
            )
            if line
        )


class UsageError(TrailergenError):
    """The command line asks for something that cannot be meant (exit code 2)."""

    exit_code = 2


class OutputError(UsageError):
    """A result cannot be written where it was asked for, or would overwrite something."""


class InputError(TrailergenError):
    """A film, a piece of music or another input file cannot be read (exit code 3)."""

    exit_code = 3


class EndpointError(InputError):
    """A language model's server does not answer, or answers nothing that can be used (exit code 3)."""


class WeightsError(TrailergenError):
    """Model weights are missing, corrupt or made for something else (exit code 4)."""

    exit_code = 4


class FFmpegError(TrailergenError):
    """ffmpeg is missing, cannot encode what is needed, or failed (exit code 5)."""

    exit_code = 5


class PlanError(TrailergenError):
    """A plan is invalid, or no plan satisfies what was asked (exit code 6)."""

    exit_code = 6


class VerificationError(FFmpegError):
    """The rendered file is not what the plan says (exit code 5)."""


class BatchError(TrailergenError):
    """Some of several films failed (exit code 7)."""

    exit_code = 7


def explain(error: Exception) -> tuple[int, str]:
    """The exit code of an error that ended a run, and its message for people."""
    if isinstance(error, TrailergenError):
        return error.exit_code, f"error: {error}"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS):
        return UsageError.exit_code, f"error: cannot write a result\n  why: {error.strerror}"
    if isinstance(error, OSError) and error.filename is not None:
        name = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else error.filename
        return InputError.exit_code, f"error: cannot use {name}\n  why: {error.strerror}"
    return 1, f"error: unexpected {type(error).__name__}: {error}\n  try: run again with --debug and report it"
