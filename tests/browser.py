"""A headless Chromium, driven through its debugging pipe: what a page looks like, says and does."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium")
_KEYS = {"ArrowRight": 39, "ArrowLeft": 37, "ArrowDown": 40, "ArrowUp": 38, "Enter": 13, "Escape": 27, "Tab": 9}


class Page:
    """One tab. ``complaints`` gathers what the console, the log and the network had to say."""

    def __init__(self, commands: int, replies: int, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._commands, self._replies = os.fdopen(commands, "wb"), os.fdopen(replies, "rb")
        self._rest, self._count, self._session = b"", 0, None
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._loaded = 0
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        message = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._commands.write(json.dumps(message).encode() + b"\0")
        self._commands.flush()
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, url: str) -> None:
        loaded = self._loaded
        self.call("Page.navigate", url=url)
        while self._loaded == loaded:
            self._next()

    def look(self, width: int, height: int, dark: bool) -> None:
        self.call("Emulation.setScrollbarsHidden", hidden=True)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def evaluate(self, expression: str) -> Any:
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def press(self, key: str) -> None:
        code = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **code, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def type(self, text: str) -> None:
        """Keys that write something; they are shortcuts, too, where nothing is written."""
        for letter in text:
            code = {"key": letter, "text": letter, "unmodifiedText": letter}
            self.call("Input.dispatchKeyEvent", type="keyDown", **code)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=letter)

    def chord(self, key: str, modifiers: int) -> None:
        """A key with others held: 1 is Alt, 2 Control, 8 Shift."""
        code = {"key": key, "code": f"Key{key.upper()}" if len(key) == 1 else key, "modifiers": modifiers}
        code |= {"windowsVirtualKeyCode": _KEYS.get(key) or ord(key.upper())}
        self.call("Input.dispatchKeyEvent", type="rawKeyDown", **code)
        self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def middle(self, selector: str) -> tuple[float, float]:
        """The middle of an element, which comes into view."""
        look = f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
        look += " e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
        x, y = self.evaluate(look + " return [r.x + r.width / 2, r.y + r.height / 2]; })()")
        return x, y

    def click(self, selector: str) -> None:
        """Press and let go in the middle of an element, once what loads around it does not move it any more."""
        before, place = (-1.0, -1.0), self.middle(selector)
        while place != before:
            time.sleep(0.05)
            before, place = place, self.middle(selector)
        self.drag(place, place)

    def drag(self, start: tuple[float, float], end: tuple[float, float], modifiers: int = 0) -> None:
        """The pointer pressed at one place and let go at another."""

        def mouse(kind: str, place: tuple[float, float], **more: Any) -> None:
            about = {"x": place[0], "y": place[1], "modifiers": modifiers, **more}
            self.call("Input.dispatchMouseEvent", type=kind, **about)

        held = {"button": "left", "buttons": 1, "clickCount": 1}
        mouse("mouseMoved", start)
        mouse("mousePressed", start, **held)
        if start != end:
            for step in range(1, 6):
                share = step / 5
                on_the_way = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
                mouse("mouseMoved", on_the_way, **held)
        mouse("mouseReleased", end, **held)

    def until(self, expression: str, seconds: float = 30) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + seconds
        while not self.evaluate(expression):
            assert time.monotonic() < deadline, (expression, self.complaints[-3:])
            time.sleep(0.02)

    def screenshot(self, path: Path, whole: bool = True) -> None:
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = os.read(self._replies.fileno(), 1 << 20)
            assert piece, "the browser ended"
            self._rest += piece
        raw, self._rest = self._rest.split(b"\0", 1)
        message = json.loads(raw)
        match message.get("method"):
            case "Page.loadEventFired":
                self._loaded += 1
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Log.entryAdded":
                self.complaints.append(json.dumps(message["params"])[:500])
            case "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
        return message

    def close(self) -> None:
        # What is not written any more to a browser that was killed is no complaint.
        with suppress(BrokenPipeError):
            self._commands.close()
        self._replies.close()

    def kill(self) -> None:
        """End the browser with all its processes, as a crash does: no page hears of it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextmanager
def browse(profile: Path) -> Iterator[Page]:
    """A browser with an empty profile."""
    assert CHROMIUM
    (read_commands, commands), (replies, write_replies) = os.pipe(), os.pipe()
    options = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--remote-debugging-pipe",
        f"--user-data-dir={profile}",
    ]
    # The pipe is file descriptors 3 and 4 by convention; they go there by way of others, for one may be the other's.
    script = "import os, sys; ends = [os.dup(int(end)) for end in sys.argv[1:3]]"
    script += "; ends = [os.dup2(end, 50 + k) for k, end in enumerate(ends)]"
    script += "; [os.dup2(end, 3 + k) for k, end in enumerate(ends)]; os.execv(sys.argv[3], sys.argv[3:])"
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(read_commands), str(write_replies), CHROMIUM, *options],
        pass_fds=(read_commands, write_replies),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(read_commands)
    os.close(write_replies)
    page = Page(commands, replies, process)
    try:
        yield page
    finally:
        page.close()
        process.terminate()
        process.wait()
