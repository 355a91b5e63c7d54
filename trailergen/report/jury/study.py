"""A study as files: what each judge gets, and the key, which stays with who asks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trailergen.cache import atomic_output
from trailergen.errors import OutputError
from trailergen.report.jury.key import Key, dump_key
from trailergen.report.jury.seen import Sighting
from trailergen.report.jury.sheets import draw_sheet


@dataclass(frozen=True)
class Places:
    """Where the files of a study lie, beside each other and named after ``page``, as ``study.html``."""

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


def write_key(places: Places, key: Key) -> None:
    """Write the key. Raises OutputError."""
    with atomic_output(places.key) as temporary:
        temporary.write_text(dump_key(key), encoding="utf-8")


def write_sheets(places: Places, key: Key, sightings: Mapping[int, Sighting]) -> list[Path]:
    """Write every judge's contact sheets; returns their paths.

    Args:
        places: where they go.
        key: of the study.
        sightings: what is seen of each trailer, by its index in the key.

    Raises OutputError.
    """
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
