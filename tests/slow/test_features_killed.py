"""Features of a film go on where a kill stopped them."""

from __future__ import annotations

import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from counterfilm import make_film
from numpy.typing import NDArray
from towers import write_imagebind

from trailergen.runtime.cache import StageCache

NTSC = Fraction(30000, 1001)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", 400, rate=NTSC)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_imagebind(tmp_path_factory.mktemp("weights") / "imagebind_huge.pth")


PROGRAM = """
import sys, time
from pathlib import Path
tests, film, checkpoint, cache, pause = sys.argv[1:]
sys.path[:0] = [tests, str(Path(tests).parent)]
from test_features_film import shots_of
import trailergen.features.towers as towers
from trailergen.session import Session
from trailergen.stages import AnalysedFilm, encode_shots
from trailergen.runtime.cache import StageCache
from trailergen.features.encoders.imagebind import ImageBindEncoder, ImageBindTower
from trailergen.features.encoders.imagebind_weights import load_tower
from trailergen.media.probe import probe_film
from trailergen.runtime.progress import Progress, ProgressKind
embed = ImageBindTower.embed
def slow(self, inputs):
    time.sleep(float(pause))
    print("batch", flush=True)
    return embed(self, inputs)
ImageBindTower.embed = slow
towers.BATCH = 6
session = Session(StageCache(Path(cache)), Progress(ProgressKind.none))
analysed = AnalysedFilm(probe_film(Path(film)), "f" * 64, shots_of(Path(film), *[10] * 30))
encode_shots(session, analysed, ImageBindEncoder(Path(checkpoint)))
"""


def test_a_kill_loses_at_most_a_batch(film: Path, checkpoint: Path, tmp_path: Path) -> None:
    def start(cache: Path, pause: float) -> subprocess.Popen[bytes]:
        arguments = [Path(__file__).parents[1] / "unit", film, checkpoint, cache, pause]
        command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def kept(cache: Path) -> int:
        return sum(not path.name.startswith(".") for path in (cache / "features").rglob("*.safetensors"))

    def features(cache: Path) -> NDArray[np.float32]:
        (path,) = (cache / "stages").glob("features-*")
        entry = StageCache(cache).load(path.stem)
        assert entry is not None
        return entry.arrays["features"]

    disturbed, undisturbed = tmp_path / "disturbed", tmp_path / "undisturbed"
    process = start(disturbed, 0.2)
    while kept(disturbed) < 4:
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    finished = kept(disturbed)
    assert not list((disturbed / "stages").glob("features-*"))
    said: dict[Path, bytes] = {}
    for cache in (disturbed, undisturbed):
        process = start(cache, 0)
        said[cache], error = process.communicate()
        assert process.returncode == 0, error
        assert not list((cache / "features").iterdir())
    # Two shots a batch: only those that were not kept were computed.
    assert (said[undisturbed].count(b"batch"), said[disturbed].count(b"batch")) == (15, 15 - finished)
    assert np.array_equal(features(disturbed), features(undisturbed))
