"""``--offline`` as a promise: from then on the process cannot connect to anything."""

from __future__ import annotations

import os
import sys

from trailergen.errors import UsageError


def forbid_network() -> None:
    """Make every later connection of this process an error, whichever library attempts it.

    An audit hook (PEP 578) sees all of Python's sockets and cannot be taken off again. Libraries that ask first are
    told by the environment.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"
    sys.addaudithook(_refuse_connections)


def _refuse_connections(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise UsageError(
            f"--offline forbids the connection to {arguments[-1] if event == 'socket.connect' else arguments[0]}",
            hint="fetch what is missing first, or run without --offline",
        )
