"""``--offline`` as a promise: from then on the process cannot connect to anything but this machine."""

from __future__ import annotations

import ipaddress
import os
import sys

from trailergen.errors import UsageError

_state = {"forbidden": False}


def forbid_network() -> None:
    """Make every later connection of this process to another machine an error, whichever library attempts it.

    An audit hook (PEP 578) sees all of Python's sockets and cannot be taken off again. Libraries that ask first are
    told by the environment.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"
    _state["forbidden"] = True
    sys.addaudithook(_refuse_connections)


def network_forbidden() -> bool:
    """True once ``forbid_network`` was called: libraries that hide a refusal can be spared the attempt."""
    return _state["forbidden"]


def is_this_machine(host: object) -> bool:
    """True if a host name or address means the machine that this runs on."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_connections(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        address = arguments[-1] if event == "socket.connect" else arguments
        if is_this_machine(address[0] if isinstance(address, tuple) and address else None):
            return
        raise UsageError(
            f"--offline forbids the connection to {arguments[-1] if event == 'socket.connect' else arguments[0]}",
            hint="fetch what is missing first, or run without --offline",
        )
