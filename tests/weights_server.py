"""A small HTTP server on 127.0.0.1 that serves one file, as badly as a test asks for."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """How one request is answered. By default: honestly, with ranges and If-Range."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Sent instead of the file."""
    ranges: bool = True
    if_range: bool = True
    """Without it a range is served whatever If-Range says."""
    drop_after: int | None = None
    """The connection is closed after so many bytes of the body."""
    stall_after: int | None = None
    """After so many bytes nothing more comes until the test ends."""
    length: int | None = None
    """A Content-Length that is not true; -1 for none."""
    content_range: str | None = None
    replace: bytes | None = None
    """From this request on the server has another file."""


class Server(ThreadingHTTPServer):
    """Serves ``content`` under every path; ``answers`` are used up one a request, then it is honest."""

    daemon_threads = True

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content, self.etag = content, '"first"'
        self.answers: deque[Answer] = deque()
        self.always = Answer()
        self.paths: dict[str, Answer] = {}
        """Answers that belong to a path, whatever the queue says."""
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.ended = threading.Event()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def ranges(self) -> list[str]:
        """The Range header of every request, "" for none."""
        return [headers.get("range", "") for _, headers in self.seen]

    def next_answer(self, path: str, headers: dict[str, str]) -> Answer:
        with self.lock:
            self.seen.append((path, headers))
            if path in self.paths:
                return self.paths[path]
            answer = self.answers.popleft() if self.answers else self.always
            if answer.replace is not None:
                self.content, self.etag = answer.replace, '"second"'
            return answer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.next_answer(self.path, headers)
        self.close_connection = True
        if answer.status:
            self._send(answer.status, answer.headers, answer.body or b"", answer)
            return
        content = self.server.content if answer.body is None else answer.body
        said = {"ETag": self.server.etag, "Content-Type": "application/octet-stream", **answer.headers}
        same = not answer.if_range or headers.get("if-range", self.server.etag) == self.server.etag
        asked = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
        if asked and answer.ranges and same:
            start = int(asked[1])
            if start >= len(content):
                self._send(416, {"Content-Range": f"bytes */{len(content)}"}, b"", answer)
                return
            said["Content-Range"] = answer.content_range or f"bytes {start}-{len(content) - 1}/{len(content)}"
            self._send(206, said, content[start:], answer)
        else:
            self._send(200, said, content, answer)

    def _send(self, status: int, headers: dict[str, str], body: bytes, answer: Answer) -> None:
        self.send_response(status)
        length = len(body) if answer.length is None else answer.length
        if length >= 0:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        cut = answer.stall_after if answer.stall_after is not None else answer.drop_after
        self.wfile.write(body[:cut])
        if answer.stall_after is not None:
            self.wfile.flush()
            self.server.ended.wait()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving(content: bytes) -> Iterator[Server]:
    server = Server(content)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
