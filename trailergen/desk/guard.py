"""Who may ask the desk, and what the browser may do with its answers: secret, Host, Origin, headers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
LARGEST_BODY: Final = 1 << 18
"""Bytes of a request at most."""


def new_secret() -> str:
    """A secret that nobody guesses: 256 bits as text for an address."""
    return secrets.token_urlsafe(32)


class Guard:
    """Lets a request through that has the secret as the first part of its path, and comes from the desk's own page.

    A Host that is not the desk's is a name that somebody has pointed at this machine (DNS rebinding); an Origin that is
    not the desk's is another page. Everything else gets the same answer as what is not there.

    Args:
        app: answers paths without the secret.
        secret: of this run.
        hosts: values of the header Host that are the desk's, as ``127.0.0.1:8123``.
    """

    def __init__(self, app: ASGIApp, secret: str, hosts: Iterable[str]) -> None:
        self._app, self._secret, self._hosts = app, secret.encode(), frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it be answered (ASGI)."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = PlainTextResponse("not here", 404)
        if scope["type"] != "http":
            return
        _, _, rest = str(scope["path"]).partition("/")
        given, slash, path = rest.partition("/")
        known = secrets.compare_digest(given.encode(errors="replace"), self._secret) and bool(slash)
        if not known or not self._is_own(Headers(scope=scope), str(scope["method"])):
            await refusal(scope, receive, with_headers)
            return
        inner = {**scope, "path": f"/{path}", "raw_path": f"/{path}".encode(), "root_path": f"/{given}"}
        inner["root_path"] = ""
        await self._app(inner, receive, with_headers)

    def _is_own(self, headers: Headers, method: str) -> bool:
        """True for a request that the desk's own page makes, or somebody who opens it."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return False
        if origin is not None and origin != f"http://{host}":
            return False
        if method in ("GET", "HEAD"):
            return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
        length = headers.get("content-length", "")
        small = length.isascii() and length.isdecimal() and int(length) <= LARGEST_BODY
        return origin is not None and small and headers.get("content-type", "").partition(";")[0] == "application/json"
