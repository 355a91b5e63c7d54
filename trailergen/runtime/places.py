"""Folders of this user, who may have no home, or one that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


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
