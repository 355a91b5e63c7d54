"""The film's names in timelines: names and addresses, in any spelling, with any extension of moving pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_EXTENSION = re.compile(r"\.((?=[a-z0-9]*[a-z])[a-z0-9]{2,5})$")
_STILLS = "png jpg jpeg jpe jp2 tif tiff psd bmp tga dpx exr webp heic heif avif gif svg ai eps pdf"
_SOUNDS = "wav bwf w64 aif aiff aifc mp3 m4a aac flac ogg oga opus wma caf ac3 eac3 dts mka amr"
_TEXTS = "srt vtt ass ssa stl txt"
_NO_FILMS = frozenset(f"{_STILLS} {_SOUNDS} {_TEXTS}".split())


@dataclass(frozen=True)
class FilmNames:
    """Everything that the film is called, and the extensions it has."""

    forms: frozenset[str]
    extensions: frozenset[str]

    @staticmethod
    def of(names: Collection[str]) -> FilmNames:
        """The names of a film by its paths."""
        return FilmNames(forms_of(names), frozenset(filter(None, map(_extension, names))))

    def match(self, names: Collection[str]) -> bool:
        """True for media of one of these names, unless it is a still, a sound or a text."""
        return bool(self.forms & forms_of(names)) and not self.exclude(names)

    def exclude(self, names: Collection[str]) -> bool:
        """True for media that cannot be a film, as its extension says: ``film.png`` is not ``film.mp4``."""
        return any(_extension(name) in _NO_FILMS - self.extensions for name in names)


def forms_of(names: Collection[str]) -> frozenset[str]:
    """Names and addresses without folders, case and ways to write a letter, and the same without extension."""
    last = {form for name in names for form in _last(name)}
    return frozenset(last | {_EXTENSION.sub("", name) for name in last})


def folded(text: str) -> str:
    """Text without case, and with one way to write each letter: macOS takes ``é`` apart, others do not."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _last(name: str) -> Iterator[str]:
    """The last part of a path or an address, as it stands and unescaped."""
    for reading in (name, unquote(name), unquote(name, encoding="latin-1")):
        yield folded(re.split(r"[\\/]", reading.rstrip("\\/"))[-1]).strip()


def _extension(name: str) -> str:
    found = _EXTENSION.search(next(iter(_last(name))))
    return found[1] if found else ""
