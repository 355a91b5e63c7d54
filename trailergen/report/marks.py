"""The mark that a storyboard carries, so that one is not made twice nor another one overwritten."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from trailergen.errors import OutputError
from trailergen.plans import Plan, plan_sha256

VERSION = 3
_MARK = re.compile(r'<meta name="trailergen-plan" content="([0-9a-f]{64}) ([0-9a-f]{64})">')
_HEAD_BYTES = 1024


def claim_storyboard(page: Path, plan: Plan, force: bool) -> None:
    """Find out whether a storyboard may be written: over nothing, or over an older one of the same plan.

    Raises:
        OutputError: something else lies there, and ``force`` is not given.
    """
    if force or not os.path.lexists(page):
        return
    mark = read_mark(page)
    if mark is None or mark[0] != plan_sha256(plan):
        raise OutputError(
            f"{page} exists and is no storyboard of this plan",
            "results are not replaced unasked",
            "move it away, or --force replaces it",
        )


def page_mark(plan: Plan, name: str, film: bool, music: bool, trailer: str | None, embed: bool) -> str:
    """SHA-256 of what a page would be made from, known before anything is decoded.

    ``name`` is that of the plan in the commands; ``film`` and ``music`` say whether they are there; ``trailer`` is its
    link, None where there is none.
    """
    facts = [VERSION, plan_sha256(plan), name, film, music, trailer, embed]
    text = json.dumps(facts, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read_mark(page: Path) -> tuple[str, str] | None:
    """The plan's SHA-256 and the page's mark that a storyboard carries; None for any other file."""
    try:
        with page.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return None
    found = _MARK.search(head.decode("utf-8", "replace"))
    return (found[1], found[2]) if found else None
