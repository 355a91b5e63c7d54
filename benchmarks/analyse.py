"""Analysing a film against the least it can take: the CPU time of its decoding, pictures and sound, and of the network,
on all cores."""

from __future__ import annotations

from contextlib import closing

import numpy as np
from pairs import measure
from rows import Material, Row, alone

from trailergen.features.encoders.builtin import BuiltinEncoder
from trailergen.media.container import open_media
from trailergen.media.frames import decode_film
from trailergen.media.probe import probe_film
from trailergen.runtime.progress import no_tick
from trailergen.runtime.threads import cores, torch_threads
from trailergen.shots.analysis import analyse_film
from trailergen.shots.decode import film_batches
from trailergen.shots.detect import transition_detector
from trailergen.shots.networks import load_networks


def rows(material: Material) -> list[Row]:
    film = probe_film(material.film)
    networks = load_networks("cpu")
    with open_media(film.path) as container:
        thumbs = [np.stack(batch.thumbs) for batch in film_batches(container, film)]
    frames = sum(map(len, thumbs))

    def whole() -> None:
        analysis = analyse_film(film, networks=networks)
        list(BuiltinEncoder().encode(film, analysis, 0, no_tick))

    def decoding() -> None:
        with open_media(film.path) as container:
            sound = container.streams.audio[0] if container.streams.audio else None
            for _ in decode_film(container, film, sound):
                pass

    def network() -> None:
        with torch_threads(max(1, cores() // 3)), closing(transition_detector(networks.transnet, "cpu")) as detector:
            for batch in thumbs:
                detector.push(batch)
            detector.finish()

    wall, cpu = measure(whole)
    decode_s, network_s = measure(decoding)[1], measure(network)[1]
    least = (decode_s + network_s) / cores()
    note = (
        f"Of {cpu / frames * 1e3:.2f} ms of CPU time a frame, decoding alone takes {decode_s / frames * 1e3:.2f} and"
        f" the network alone {network_s / frames * 1e3:.2f}; the rest is the network that sees what is in the"
        f" pictures, scaling to what both take and to what text is looked for in, statistics, sound levels, key"
        f" pictures and features. The cores were busy"
        f" {cpu / wall / cores():.0%} of the time."
    )
    measured = f"{wall:.1f} s against {least:.1f} s"
    return [Row("analyse: CPU of decoding and network / cores", measured, wall / least, 1.1, note=note)]


if __name__ == "__main__":
    alone(rows, __doc__)
