"""A study as files: what each judge gets, and the key, which stays with who asks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.errors import OutputError
from trailergen.report.jury.entries import Entry
from trailergen.report.jury.key import Key, dump_key
from trailergen.report.jury.page import judge_page, sheet_exhibit, video_exhibit
from trailergen.report.jury.seen import Sighting, see
from trailergen.report.jury.sheets import draw_sheet
from trailergen.report.jury.video import blind_video
from trailergen.runtime.cache import atomic_output

if TYPE_CHECKING:
    from trailergen.session import Session


@dataclass(frozen=True)
class Places:
    """The paths of a study's files, beside each other and named after ``page``, as ``study.html``."""

    page: Path

    @property
    def key(self) -> Path:
        """The key: ``study.key.json``."""
        return self.page.with_name(f"{self.page.stem}.key.json")

    def of_judge(self, judge: str) -> Path:
        """A judge's page: ``study-1.html``."""
        return self.page.with_name(f"{self.page.stem}-{judge}.html")

    def sheet(self, judge: str, letter: str) -> Path:
        """A judge's contact sheet: ``study-1-A.png``."""
        return self.page.with_name(f"{self.page.stem}-{judge}-{letter}.png")


def claim_study(places: Places, judges: int, letters: str, sheets: bool, force: bool) -> None:
    """Find out before the work whether a study may be written. Raises OutputError if it would replace something."""
    numbers = [str(number) for number in range(1, judges + 1)]
    wanted = [places.key, *map(places.of_judge, numbers)]
    wanted += [places.sheet(number, letter) for number in numbers for letter in letters if sheets]
    taken = next((path for path in wanted if os.path.lexists(path)), None)
    if taken and not force:
        raise OutputError(f"{taken} exists", "results are not replaced unasked", "choose another --output, or --force")


def write_study(
    session: Session,
    places: Places,
    key: Key,
    entries: Sequence[Entry],
    official: Entry | None,
    title: str | None,
    height: int | None,
    film: Path | None,
    music: Path | None,
) -> list[Path]:
    """Write a study: a page for each judge, and the key last; returns the paths.

    Args:
        session: cache and display.
        places: where it goes.
        key: of the study.
        entries: its trailers, in the key's order.
        official: the official trailer, None to show none.
        title: the film's, None to leave it unsaid.
        height: of the videos in pixels; None for contact sheets, in the pages and as PNG files.
        film, music: where those of the plans are now, None for where the plans say.

    Raises:
        InputError: a film, video or piece of music cannot be read.
        OutputError: a file cannot be written.
        FFmpegError, PlanError: a trailer cannot be rendered.
    """
    written: list[Path] = []
    if height is None:
        sightings = [see(session, entry, film) for entry in entries]
        exhibits = {number: sheet_exhibit(sighting) for number, sighting in enumerate(sightings)}
        known = None if official is None else sheet_exhibit(see(session, official, film))
        written += _write_sheets(places, key, sightings)
    else:
        exhibits = {
            number: video_exhibit(blind_video(session, entry, film, music, height))
            for number, entry in enumerate(entries)
        }
        known = None if official is None else video_exhibit(blind_video(session, official, film, music, height))
    for judge in key.judges:
        with atomic_output(places.of_judge(judge)) as temporary:
            temporary.write_text(judge_page(key, judge, exhibits, title, known), encoding="utf-8")
        written.append(places.of_judge(judge))
    with atomic_output(places.key) as temporary:
        temporary.write_text(dump_key(key), encoding="utf-8")
    return [*written, places.key]


def _write_sheets(places: Places, key: Key, sightings: Sequence[Sighting]) -> list[Path]:
    drawn: dict[tuple[str, int], bytes] = {}
    written = []
    for judge, order in key.judges.items():
        for letter, trailer in order.items():
            if (letter, trailer) not in drawn:
                drawn[letter, trailer] = draw_sheet(letter, sightings[trailer])
            with atomic_output(places.sheet(judge, letter)) as temporary:
                temporary.write_bytes(drawn[letter, trailer])
            written.append(places.sheet(judge, letter))
    return written
