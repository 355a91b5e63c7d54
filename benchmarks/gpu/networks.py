"""The networks that look at and listen to a film, with weights as they were carried here.

These may have been rounded (``wheels.py``), so that their digest is not the published one, and trailergen itself would
rightly refuse them. A trailergen that has no such networks finds its shots all the same.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from trailergen.media.probe import FilmInfo
from trailergen.shots.analysis import FilmAnalysis, analyse_film
from trailergen.shots.detect import load_transnet
from trailergen.weights import find_weights


def networks(device: str, exact: bool = False) -> Any:
    """All of them on a device, ``exact`` in single precision there; None if this trailergen has but one."""
    if find_spec("trailergen.shots.networks") is None:
        return None
    named = import_module("trailergen.shots.networks")
    efficientnet = import_module("trailergen.shots.efficientnet")
    silero = import_module("trailergen.shots.silero")
    return named.Networks(
        load_transnet(device),
        efficientnet.read_efficientnet(find_weights(efficientnet.EFFICIENTNET).path, device, exact),
        silero.read_silero(find_weights(silero.SILERO).path),
    )


def analysed(film: FilmInfo, device: str, loaded: Any = None) -> FilmAnalysis:
    """A film's analysis with these networks, ``loaded`` or not."""
    loaded = loaded or networks(device)
    options: dict[str, Any] = {} if loaded is None else {"networks": loaded}
    return analyse_film(film, device, **options)
