"""Folders of this user, who may have no home, or one that cannot be read; files that are not where they should be."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from trailergen.errors import InputError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_NEAR = 0.75
"""Likeness of two names from which one may be meant by the other."""


def of_this_user(find: Callable[..., Path]) -> Path | None:
    """trailergen's folder by one of the functions of platformdirs, ``user_cache_path`` say; None without a home."""
    try:
        found = find("trailergen", appauthor=False)
    except RuntimeError:
        return None
    return found if found.is_absolute() else None  # older versions leave the ~ as it is


def is_file(path: Path) -> bool:
    """True for a file; False for nothing, and in a folder that cannot be read."""
    try:
        return path.is_file()
    except OSError:
        return False


def missing_file(path: Path) -> InputError:
    """The error for a file that is not there, with what may be meant instead."""
    if _ADDRESS.match(str(path)):
        return InputError(f"there is no file {path}", "addresses are not opened", "download it first")
    folder = path.parent
    if path.is_symlink():
        return InputError(f"there is no file {path}", f"it is a link to {path.readlink()}, which is not there")
    try:
        if not folder.is_dir():
            return InputError(f"there is no file {path}", f"there is no folder {folder}")
        near = get_close_matches(path.name, sorted(each.name for each in folder.iterdir()), 1, _NEAR)
    except OSError:
        near = []
    return InputError(f"there is no file {path}", hint=f"is {path.with_name(near[0])} meant?" if near else None)
