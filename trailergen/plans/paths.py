"""The name of a file in a plan."""

from __future__ import annotations

import os
from pathlib import Path


def named_path(path: Path) -> str:
    """The absolute path of a file under the name that it was given.

    Links are not followed: a ``My Film.mkv`` that leads into a store of hashes is called so to its user, to editing
    programs and to whoever is sent the plan.
    """
    given = path.absolute()
    plain = os.path.abspath(given)
    # A ".." after a link does not lead to where it seems to.
    return plain if ".." not in given.parts or os.path.realpath(plain) == os.path.realpath(given) else str(given)
