"""A desk served from this machine until somebody ends it."""

from __future__ import annotations

import logging
import socket
import webbrowser
from collections.abc import Callable

import uvicorn

from trailergen.desk.app import desk_app
from trailergen.desk.desk import Desk
from trailergen.desk.guard import new_secret
from trailergen.errors import UsageError
from trailergen.settings.desk import DeskSettings


class _Server(uvicorn.Server):
    """Tells when it listens, and lets streams end before it waits for them."""

    def __init__(self, config: uvicorn.Config, desk: Desk, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._desk, self._ready = desk, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End."""
        # What is cut off then is nobody's error.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._desk.events.end()
        await super().shutdown(sockets)


def serve(desk: Desk, settings: DeskSettings, told: Callable[[str], None]) -> None:
    """Serve a desk until it is interrupted.

    Args:
        desk: open.
        settings: where it listens.
        told: is called with its address, once it answers.

    Raises:
        UsageError: it cannot listen there.
        KeyboardInterrupt: it was ended.
    """
    listening = _listen(settings)
    name, port = settings.host, listening.getsockname()[1]
    shown = f"[{name}]" if ":" in name else name
    secret = new_secret()
    hosts = {f"{host}:{port}" for host in (shown, *(("localhost",) if name == "127.0.0.1" else ()))}
    address = f"http://{shown}:{port}/{secret}/"

    def ready() -> None:
        told(address)
        if settings.browser:
            webbrowser.open(address)

    config = uvicorn.Config(
        desk_app(desk, secret, hosts),
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=3,
    )
    _Server(config, desk, ready).run(sockets=[listening])


def _listen(settings: DeskSettings) -> socket.socket:
    """A socket at the place that is asked for. Raises UsageError."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(place)
        return found
    except OSError as error:
        raise UsageError(
            f"the desk cannot listen at {settings.host}:{settings.port}", error.strerror, "choose another --port"
        ) from error
