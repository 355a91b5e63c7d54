"""One HTTP request that continues a partial download, trusting nothing that the server says.

Ranges are those of RFC 9110, section 14: what has come is continued only where the server confirms that the file is
still the same one, and says that it sends just the bytes that are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from trailergen.version import __version__
from trailergen.weights.content import HEAD_BYTES, wrong_head
from trailergen.weights.partial import SUFFIX, Origin, PartialFile

if TYPE_CHECKING:
    from httpx2 import Client, Request, Response

CONNECT_TIMEOUT_S = 15.0
READ_TIMEOUT_S = 30.0
_LONGEST_WAIT_S = 60.0
_PAGES = ("text/html", "application/xhtml+xml", "application/json", "application/xml", "text/xml")
# Statuses after which the same request may well succeed.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class Refused(Exception):
    """This address will not give the file; asking it again is of no use."""


class Dropped(Exception):
    """The transfer ended before its time; asking again may help, after ``wait`` seconds."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


@contextmanager
def http_client(plain: bool) -> Iterator[Client]:
    """A client that follows redirects and uses the environment's proxies.

    Args:
        plain: whether http without TLS may be spoken with other machines than this one.

    Raises:
        Refused: the proxy that the environment names cannot be used.
    """
    import httpx2

    def allow(request: Request) -> None:
        # Called for every redirect too.
        local = request.url.host in ("127.0.0.1", "localhost", "::1")
        if request.url.scheme != "https" and not (request.url.scheme == "http" and (local or plain)):
            raise Refused(f"it leads to {public(str(request.url))}, which is not https")

    try:
        client = httpx2.Client(
            follow_redirects=True,
            max_redirects=10,
            timeout=httpx2.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            headers={"User-Agent": f"trailergen/{__version__}", "Accept-Encoding": "identity"},
            event_hooks={"request": [allow]},
        )
    except (ImportError, ValueError, httpx2.InvalidURL) as error:
        raise Refused(f"the proxy of the environment cannot be used: {error}") from error
    with client:
        yield client


def public(url: str) -> str:
    """An address without user, password and query, as it may be written down."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def receive(client: Client, url: str, part: PartialFile, size: int, same_content: bool) -> None:
    """Ask ``url`` for what is missing from ``part``; returns when the part is as long as the file.

    Args:
        client: of ``http_client``.
        url: the file's address.
        part: what there is; it is continued, or started again where that is not safe.
        size: of the whole file, 0 if it is not known.
        same_content: the SHA-256 of the whole is known, so that bytes which do not belong together will be found out.

    Raises:
        Refused: this address will not give the file.
        Dropped: the transfer ended early.
        WeightsError: the part cannot be written.
    """
    import httpx2

    if part.have and not _may_continue(part, url, size, same_content):
        part.restart(None)
    if part.have and part.have == (size or (part.origin.total if part.origin else 0)):
        return
    headers = {}
    if part.have and part.origin:
        headers["Range"] = f"bytes={part.have}-"
        if part.origin.url == public(url) and part.origin.validator:
            headers["If-Range"] = part.origin.validator
    try:
        with client.stream("GET", url, headers=headers) as response:
            if _begin(response, url, part, size):
                _read(response, part, size)
    except (httpx2.UnsupportedProtocol, httpx2.TooManyRedirects, httpx2.InvalidURL) as error:
        raise Refused(str(error)) from error
    except httpx2.TransportError as error:
        raise Dropped(str(error) or _words(error)) from error


def _may_continue(part: PartialFile, url: str, size: int, same_content: bool) -> bool:
    if size and part.have > size:
        return False
    return same_content or (part.origin is not None and part.origin.url == public(url) and bool(part.origin.validator))


def _begin(response: Response, url: str, part: PartialFile, size: int) -> bool:
    """Judge the answer's status and headers, and make the part ready for its body. False if the part is whole."""
    status = response.status_code
    if status == 416 and part.have:
        total = re.fullmatch(r"bytes \*/(\d{1,18})", response.headers.get("Content-Range", ""))
        if total and int(total[1]) == part.have and size in (0, part.have):
            return False
        part.restart(None)
        raise Dropped("the server has other bytes than the ones that came before")
    if status in _PASSING:
        raise Dropped(_status(response), _retry_after(response))
    if status not in (200, 206):
        raise Refused(_status(response))
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    texts = part.path.name.removesuffix(SUFFIX).endswith(".json")
    if kind in _PAGES and not (texts and kind == "application/json"):
        raise Refused(f"it sends {kind} instead of weights")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(f"it sends the file in the encoding {response.headers['Content-Encoding']}")
    if status == 206:
        _continue(response, url, part, size)
    else:
        announced = _length(response)
        if size and announced and announced != size:
            raise Refused(f"it announces {announced} bytes, the index says {size}")
        part.restart(_origin(response, url, announced))
    if part.origin:
        part.require_room(size or part.origin.total)
    return True


def _continue(response: Response, url: str, part: PartialFile, size: int) -> None:
    """Check that a 206 continues just what there is; if not, that goes, and the next request starts again."""
    before, now = part.origin, _origin(response, url, 0)
    if not part.have or before is None:
        raise Refused("it answers with a part of the file when asked for all of it")
    said = response.headers.get("Content-Range", "")
    sent = re.fullmatch(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", said)
    total = size or before.total
    right = (
        sent is not None
        and int(sent[1]) == part.have
        and (sent[3] == "*" or int(sent[3]) == (total or int(sent[3])))
        and (not total or int(sent[2]) < total)
    )
    # A server may know ranges but not If-Range.
    changed = before.url == now.url and any(
        old and new and old != new for old, new in ((before.etag, now.etag), (before.modified, now.modified))
    )
    if not right or changed:
        part.restart(None)
        raise Dropped("the file on the server has changed" if changed else f"it sends the wrong bytes: {said!r}")
    part.spliced = True


def _read(response: Response, part: PartialFile, size: int) -> None:
    total = size or (part.origin.total if part.origin else 0)
    head = b""
    fresh = part.have == 0
    for chunk in response.iter_raw():
        if fresh and len(head) < HEAD_BYTES:
            head += chunk[: HEAD_BYTES - len(head)]
            if len(head) == HEAD_BYTES:
                _judge_head(head, part)
        part.append(chunk)
        if total and part.have > total:
            part.restart(None)
            raise Refused(f"it sends more than the {total} bytes of the file")
    if total and part.have < total:
        raise Dropped(f"it sent {part.have} of {total} bytes")
    if fresh and len(head) < HEAD_BYTES:
        _judge_head(head, part)


def _judge_head(head: bytes, part: PartialFile) -> None:
    if wrong := wrong_head(head, part.path.name.removesuffix(SUFFIX)):
        part.restart(None)
        raise Refused(wrong)


def _origin(response: Response, url: str, total: int) -> Origin:
    return Origin(public(url), response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""), total)


def _length(response: Response) -> int:
    return _number(response.headers.get("Content-Length", ""))


def _retry_after(response: Response) -> float:
    return min(float(_number(response.headers.get("Retry-After", ""))), _LONGEST_WAIT_S)


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


def _status(response: Response) -> str:
    return f"the server answers {response.status_code} {response.reason_phrase}".rstrip()


def _words(error: Exception) -> str:
    """``ReadTimeout`` as ``read timeout``: some errors of the library have no text."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
