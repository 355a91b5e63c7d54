"""What has happened, told to every page that listens: the state's number, progress, notes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

_MOST = 256
"""Events that wait for a page that does not read; then it has to ask for the state anew."""
_EVERY_S = 15.0


class Events:
    """Published from any thread, heard by pages as server-sent events (WHATWG HTML, section 9.2)."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heard: set[asyncio.Queue[str | None]] = set()

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell of events in this loop from now on; those before are told to nobody."""
        self._loop = loop

    def publish(self, kind: str, **facts: Any) -> None:
        """Tell all pages of an event."""
        if self._loop is None or self._loop.is_closed():
            return
        text = f"event: {kind}\ndata: {json.dumps(facts, ensure_ascii=False)}\n\n"
        self._loop.call_soon_threadsafe(self._spread, text)

    def end(self) -> None:
        """Let all streams end."""
        self._spread(None)

    def _spread(self, text: str | None) -> None:
        for queue in self._heard:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(text)

    async def listen(self) -> AsyncIterator[str]:
        """The stream of one page, which begins now and ends with the desk."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(_MOST)
        self._heard.add(queue)
        try:
            yield "retry: 500\n\n"
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), _EVERY_S)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if text is None:
                    return
                yield text
        finally:
            self._heard.discard(queue)
