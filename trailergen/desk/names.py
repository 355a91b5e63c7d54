"""Words of errors and notes as the page gets them: files by their names, never where on this machine they lie."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_PART: Final = r"(?:[^\s/\\'\"`:,;]+[/\\])"
_ELSEWHERE: Final = re.compile(rf"(?<![\w:/.])(?:file:)?(?:/|[A-Za-z]:[\\/]){_PART}+")
"""The folders of an absolute path. A name with blanks is known only where its folder is."""
_FOLDER: Final = "the folder"


class Names:
    """Takes folders out of texts.

    Args:
        folders: of the files that texts may be about, whose names may have blanks; others are told by their form.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        known = [*folders, Path.cwd(), Path.home(), Path(tempfile.gettempdir())]
        spelled = {text for folder in known for path in (folder, folder.resolve()) for text in _spellings(path)}
        # The longest first: one may lie in another.
        choices = "|".join(map(re.escape, sorted(spelled, key=len, reverse=True)))
        self._inside = re.compile(rf"(?<![\w/.])(?:file:)?(?:{choices})[/\\]+{_PART}*(?=[^\s/\\])") if choices else None
        whole = "|".join(re.escape(text) for text in sorted(spelled, key=len, reverse=True) if Path(text).is_absolute())
        self._whole = re.compile(rf"(?<![\w/.])(?:{whole})(?![\w-]|[/\\]+[^\s/\\'\"])[/\\]*") if whole else None

    def __call__(self, text: str) -> str:
        """A text with files by their names."""
        if self._whole:
            text = self._whole.sub(_FOLDER, text)
        if self._inside:
            text = self._inside.sub("", text)
        return _ELSEWHERE.sub("", text)


def _spellings(folder: Path) -> set[str]:
    """A folder as messages write it, and as an exception's words quote it; none for the root and this folder."""
    text = str(folder).encode(errors="replace").decode()
    if folder in (Path("."), Path(folder.anchor)):
        return set()
    return {text, repr(str(folder))[1:-1]}
