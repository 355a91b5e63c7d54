"""The program: runs a command and turns every error into one message and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from types import FrameType
from typing import Any, NoReturn

from trailergen.errors import OutputError, UsageError, explain
from trailergen.runtime.console import lost, open_console
from trailergen.runtime.models import Models

INTERRUPTED = 130

_INTERRUPTION = "interrupted; run the same command again to continue where it stopped"
_stopped = threading.Event()
"""A signal has interrupted this process."""


def program() -> NoReturn:
    """The process: ``main`` and no more.

    What the interpreter does at its end is left out: everything is closed where it was opened, and to take torch's
    libraries down takes half a second, a fifth of what it takes to revise a plan.
    """
    open_console()
    try:
        code = main()
    except KeyboardInterrupt:  # while the command line was still being imported
        code = _report(_INTERRUPTION, INTERRUPTED)
    if (fault := lost()) is not None and code == 0:
        code, message = explain(OutputError("cannot write to the standard output", fault.strerror))
        print(message, file=sys.stderr, flush=True)
    os._exit(code)


def main(arguments: list[str] | None = None) -> int:
    """The program; returns the exit code of trailergen/errors.py, or 130 if interrupted."""
    _stopped.clear()
    signal.signal(signal.SIGTERM, _stop)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # nohup ignores it
        signal.signal(signal.SIGHUP, _stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where it is ignored
        signal.signal(signal.SIGINT, _stop)
    return run(arguments)


def run(arguments: list[str] | None = None, models: Models | None = None) -> int:
    """Run a command line, by default this process's; returns its exit code. ``models`` are loaded already."""
    import typer

    from trailergen.cli import app

    # typer carries a click of its own and exports only the ends of its exceptions: this is its UsageError.
    usage_error: Any = typer.BadParameter.__bases__[0]
    try:
        _require_folder()
        result = app(arguments, standalone_mode=False, obj=models)
        sys.stdout.flush()
        if result == INTERRUPTED:  # newer versions of typer turn KeyboardInterrupt into this
            raise KeyboardInterrupt
        return result if isinstance(result, int) else 0
    except (KeyboardInterrupt, typer.Abort):
        return _report(_INTERRUPTION, INTERRUPTED)
    except usage_error as error:
        error.show()
        return UsageError.exit_code
    except Exception as error:
        code, message = explain(error)
        return _report(message, code)


def _require_folder() -> None:
    """Raises OutputError where the current folder was removed: relative names mean nothing, and libraries end there."""
    try:
        os.getcwd()
    except OSError as error:
        raise OutputError("there is no current folder", error.strerror, "change into one, it was removed") from error


def _report(message: str, code: int) -> int:
    if _stopped.is_set():
        # An import that was cut short, say, fails as something else later: the interruption is the reason all the same.
        message, code = _INTERRUPTION, INTERRUPTED
    if os.environ.get("TRAILERGEN_DEBUG") and sys.exc_info()[0] is not None:
        traceback.print_exc()
    # A name in it may be no text.
    print(message.encode(errors="backslashreplace").decode(), file=sys.stderr)
    return code


def _stop(_signal: int, _frame: FrameType | None) -> None:
    _stopped.set()
    raise KeyboardInterrupt


if __name__ == "__main__":
    program()
