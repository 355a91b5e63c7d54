"""The registry of encoders: a line is all that a new encoder needs to be found by name and by ``auto``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import numpy as np
import pytest
from analyses import analysis, picture
from numpy.typing import NDArray

from trailergen.features import registry
from trailergen.features.encoder import EncoderSpec
from trailergen.features.registry import ENCODERS, Registered, get_encoder
from trailergen.features.views import Views
from trailergen.media.probe import FilmInfo
from trailergen.runtime.progress import Tick, no_tick
from trailergen.shots.analysis import FilmAnalysis


class Brightness:
    """An encoder of one number."""

    name, space, version, licence = "brightness", "brightness-1", 1, "MIT"
    weights: Mapping[str, str] = {}

    def __init__(self, spec: EncoderSpec) -> None:
        self.spec = spec

    def encode(self, film: FilmInfo, analysis: FilmAnalysis, first: int, tick: Tick) -> Iterator[NDArray[np.float32]]:
        yield np.ones((len(analysis.shots) - first, 1), np.float32)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    line = {"brightness": Registered(Brightness, model="mean")}
    monkeypatch.setattr(registry, "ENCODERS", {**line, **ENCODERS})


@pytest.mark.usefixtures("added")
def test_an_encoder_is_found_by_the_name_of_its_line() -> None:
    found = get_encoder("brightness", Views.paper, "cpu")
    assert isinstance(found, Brightness)
    assert found.spec == EncoderSpec(Views.paper, "cpu", "mean")


@pytest.mark.usefixtures("added")
def test_auto_takes_the_first_line_that_gives_the_space() -> None:
    assert get_encoder("auto").space == "brightness-1"
    assert get_encoder("auto", space="builtin-1").space == "builtin-1"


@pytest.mark.parametrize("name", [name for name, line in ENCODERS.items() if not line.weights])
def test_encoders_that_are_always_there_give_unit_vectors_from_any_shot_on(name: str) -> None:
    film, unread = analysis([[picture(k)] for k in range(4)]), cast(FilmInfo, None)
    encoder = get_encoder(name)
    whole = np.concatenate(list(encoder.encode(unread, film, 0, no_tick)))
    rest = np.concatenate(list(encoder.encode(unread, film, 2, no_tick)))
    assert np.allclose(np.linalg.norm(whole, axis=1), 1, atol=1e-5)
    assert np.array_equal(whole[2:], rest)
