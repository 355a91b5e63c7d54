"""Time until the program is there."""

from __future__ import annotations

import subprocess
import sys

from pairs import measure
from rows import Material, Row, alone

RUNS = 7


def rows(material: Material) -> list[Row]:
    def least(*arguments: str) -> float:
        command = [sys.executable, *arguments]
        return min(
            measure(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))[0] for _ in range(RUNS)
        )

    nothing = least("-c", "pass")
    found = [
        ("--help", least("-m", "trailergen", "--help")),
        ("make --help", least("-m", "trailergen", "make", "--help")),
    ]
    return [
        Row(f"`trailergen {name}`", f"`python -c pass` takes {nothing:.2f} s", seconds, 0.5, unit="s")
        for name, seconds in found
    ]


if __name__ == "__main__":
    alone(rows, __doc__)
