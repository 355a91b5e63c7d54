"""Make the example film and its score: ``python examples/make_example.py`` (about four minutes on one core).

Everything is drawn and played by the modules in ``studio/``; nothing is downloaded and nothing is random
beyond fixed seeds. Needs numpy, Pillow and PyAV (whose wheels bring libx264, AAC and Opus). Three files are
written beside this script, each only when it is complete:

``film.mp4``
    640x360, 24 frames a second, H.264 (yuv420p, BT.709, closed groups of at most 48 pictures) and AAC stereo.
``score.ogg``
    Forty seconds of music, Opus stereo at 48 kHz.
``film.cuts.json``
    What is in them, exactly, as ground truth for tests::

        film, rate        the file, and "24/1": frames per second
        frames            length of the film in frames
        width, height     picture size in pixels
        shots             one entry per shot, in order:
          number            counted from 0
          name              what it is called in studio/film.py
          in, out           its frames, half-open; "in" is the middle of a dissolve, the dark turn of a fade
          place, figures    where it plays and who or what recurs in it
          kind              "picture", "logo", "title", "black" or "credits"
          transition_in     "cut", "dissolve" or "fade" (out to black, in from black, or both)
          transition        only for dissolves and fades: {"in", "out"}, the frames it takes. They lie on both
                            sides of the shot's own "in"
          near_duplicate_of only where it holds: number of an earlier shot with the same framing and place
        score             the music: "file", "seconds", "sample_rate" and "sections", each with its "name",
                          "start" and "end" in seconds, and "bpm"
"""

from __future__ import annotations

from pathlib import Path

from studio import film, mixing, reel, score, sound
from studio.synth import RATE

HERE = Path(__file__).resolve().parent


def make(folder: Path) -> None:
    """Write the three files into a folder."""
    music = {
        "file": "score.ogg",
        "seconds": score.SECONDS,
        "sample_rate": RATE,
        "sections": list(score.SECTIONS),
    }
    heard = mixing.soundtrack(film.SHOTS, sound.bed, sound.effect)
    reel.make(
        folder,
        {
            "score.ogg": lambda path: reel.write_score(path, score.score()),
            "film.mp4": lambda path: reel.write_film(path, film.SHOTS, heard),
            "film.cuts.json": lambda path: reel.write_cut_list(path, reel.cut_list("film.mp4", film.SHOTS, music)),
        },
    )


if __name__ == "__main__":
    make(HERE)
