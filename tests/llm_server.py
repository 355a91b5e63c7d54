"""A server of OpenAI's protocol on 127.0.0.1 that answers as a test tells it, and keeps what it is asked."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """One answer: ``said`` by the model, or ``body`` as it is."""

    said: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    message: dict[str, Any] = field(default_factory=dict)
    """More of the message."""
    finish: str = "stop"
    slow: str = ""
    """Nothing (``silent``) comes until the test ends, or a byte of the body now and then (``drip``)."""
    drop_after: int | None = None
    """The connection is closed after so many bytes of the body."""

    def content(self) -> bytes:
        if self.body is not None:
            return self.body
        message = {"role": "assistant", "content": self.said, **self.message}
        choices = [{"index": 0, "finish_reason": self.finish, "message": message}]
        return json.dumps({"id": "1", "object": "chat.completion", "model": "m", "choices": choices}).encode()


class LlmServer(ThreadingHTTPServer):
    """``replies`` are used up one a request; then ``always`` makes one of what is asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: deque[Reply] = deque()
        self.always: Callable[[str], Reply] = lambda _: Reply("[0]")
        self.seen: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def asked(self, request: int) -> str:
        """What the user says in a request."""
        return str(self.seen[request][2]["messages"][1]["content"])


class _Handler(BaseHTTPRequestHandler):
    server: LlmServer

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, request))
        said = request["messages"][1]["content"]
        reply = self.server.replies.popleft() if self.server.replies else self.server.always(said)
        if reply.slow == "silent":
            self.server.ended.wait(30)
            return
        content = reply.content()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content))}.items():
            self.send_header(name, reply.headers.get(name, value))
        for name, value in reply.headers.items():
            if name not in ("Content-Type", "Content-Length"):
                self.send_header(name, value)
        self.end_headers()
        try:
            if reply.slow == "drip":
                for at in range(len(content)):
                    self.wfile.write(content[at : at + 1])
                    if self.server.ended.wait(0.05):
                        return
            self.wfile.write(content[: reply.drop_after])
        except OSError:
            return  # the client has gone

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def language_model() -> Iterator[LlmServer]:
    with LlmServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()
