"""Make the second example film and its score: ``python examples/make_cake.py`` (about five minutes on one core).

The Candle Night Cake, three minutes, 107 shots. Numbers are those of ``cake.cuts.json``:

* 2 to 23, set-up, morning: a village in the snow. Master Anselm bakes, his niece Pia feeds Brumm the goat, Count
  Krall comes down from his castle and smells the great cake of Candle Night. No goats near it, says the baker.
* 24 to 45, conflict, dusk: while the band plays the Count steals the cake. The goat, who gave chase, comes back with
  cream on his beard and is sent away into the snow. Pia finds a plum-coloured button.
* 46 to 65, the turn to night, and preparation: Pia follows the tracks and finds the goat, the baker finds a rag of the
  Count's coat and starts the cable car, the Count sits down to the cake, two look in at his window.
* 66 to 92, climax: the goat charges, the cake flees on a sled, the Count follows, his yell brings down the mountain,
  the bridge is broken, the baker throws a rope from the cabin.
* 93, black; 94 to 103, resolution, next morning: a feast, forgiveness, a slice for the Count.
* 104 and 105, the joke; 106, the credits.

Everything is drawn and played by the modules in ``studio/``, this story's own in ``studio/cake/``. The files are like
those of the first film (see make_example.py): ``cake.mp4``, ``cake-score.ogg`` and ``cake.cuts.json``.
"""

from __future__ import annotations

from pathlib import Path

from studio import mixing, reel
from studio.cake import score, sounds, story
from studio.synth import RATE

HERE = Path(__file__).resolve().parent


def make(folder: Path) -> None:
    """Write the three files into a folder."""
    music = {
        "file": "cake-score.ogg",
        "seconds": score.SECONDS,
        "sample_rate": RATE,
        "sections": list(score.SECTIONS),
    }
    heard = mixing.soundtrack(story.SHOTS, sounds.bed, sounds.effect)
    reel.make(
        folder,
        {
            "cake-score.ogg": lambda path: reel.write_score(path, score.score(), "72k"),
            "cake.mp4": lambda path: reel.write_film(path, story.SHOTS, heard),
            "cake.cuts.json": lambda path: reel.write_cut_list(path, reel.cut_list("cake.mp4", story.SHOTS, music)),
        },
    )


if __name__ == "__main__":
    make(HERE)
