"""The files that the page may choose: music and logos, by ids; it never names a path."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trailergen.plans import Card, Plan

_TRACKS = (".aac", ".aif", ".aiff", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav")
_LOGOS = (".png",)


@dataclass(frozen=True)
class Files:
    """Those that were there when the desk was opened, by their ids: pieces of music, and logos."""

    tracks: dict[str, Path]
    logos: dict[str, Path]

    @classmethod
    def beside(cls, path: Path, plan: Plan) -> Files:
        """Tracks beside the plan's music and beside the plan's file ``path``; pictures beside that, and the plan's
        own logos."""
        music, here = Path(plan.music.path).parent.resolve(), path.parent.resolve()
        own = [Path(card.logo) for card in plan.cards if card.logo]
        return cls(_by_id(_listed((music, here), _TRACKS)), _by_id([*_listed([here], _LOGOS), *own]))

    @property
    def folders(self) -> set[Path]:
        """Where they lie."""
        return {file.parent for file in (*self.tracks.values(), *self.logos.values())}


def logo_of(cards: Iterable[Card]) -> tuple[str, str] | None:
    """The id and the name of the logo of some cards, None where they have none."""
    logo = next((Path(card.logo) for card in cards if card.logo), None)
    return None if logo is None else (_id(logo), name_of(logo))


def name_of(file: Path) -> str:
    """The name of a file, as text."""
    return file.name.encode(errors="replace").decode()


def _listed(folders: Iterable[Path], suffixes: tuple[str, ...]) -> list[Path]:
    return [
        file
        for folder in dict.fromkeys(folders)
        if folder.is_dir()
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in suffixes and file.is_file()
    ]


def _by_id(files: Iterable[Path]) -> dict[str, Path]:
    return {_id(file): file for file in files}


def _id(file: Path) -> str:
    return hashlib.sha256(str(file.resolve()).encode(errors="surrogateescape")).hexdigest()[:12]
