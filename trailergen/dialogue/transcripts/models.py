"""Models of speech recognition: those of the weights' index, or in a folder of somebody's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from trailergen.errors import UsageError, WeightsError
from trailergen.runtime.cache import StageCache
from trailergen.runtime.places import is_file
from trailergen.weights import WeightsFile, expected_sha256, find_weights, known_weights, verified

SPACE = "whisper"
"""What the index says of a model of speech recognition where it names the feature space of others."""
FILE, TOKENS = "model.bin", "tokenizer.json"


@dataclass(frozen=True)
class Model:
    """A Whisper model in CTranslate2's form: its name, its folder, and the SHA-256 of its files by name."""

    name: str
    folder: Path
    weights: Mapping[str, str]


def find_model(choice: str | Path, cache: StageCache) -> Model:
    """The model of that name in the weights' index, or in that folder.

    Raises:
        UsageError: faster-whisper is not installed, or the name is that of other weights.
        WeightsError: there is no such model, it is not installed, or damaged.
    """
    require_engine()
    if isinstance(choice, Path):
        require_files(choice)
        digests = {name: cache.fingerprint(choice / name) for name in (FILE, TOKENS)}
        return Model(choice.name, choice, digests)
    found = find_weights(choice)
    if found.feature_space != SPACE:
        raise UsageError(f"{choice} is no model of speech recognition", hint=f"use one of: {', '.join(_names())}")
    path = verified(found)
    return Model(
        found.name, path.parent, {part.path.name: expected_sha256(part) for part in (found, *found.companions)}
    )


def installed_model(cache: StageCache) -> Model | None:
    """The largest model that is installed; None where there is none, or nothing to run it with. Raises WeightsError."""
    here = [weights for weights in _of_speech() if is_file(weights.path)]
    if not here or find_spec("faster_whisper") is None:
        return None
    return find_model(max(here, key=lambda weights: (weights.path.stat().st_size, weights.name)).name, cache)


def why_none() -> str:
    """What to do so that films can be transcribed where no model is found."""
    fetched = "`trailergen weights fetch whisper-small`"
    if find_spec("faster_whisper") is None:
        return f"pip install 'trailergen[transcribe]' and {fetched}"
    return fetched


def require_engine() -> None:
    """Raise UsageError if faster-whisper is not installed."""
    if find_spec("faster_whisper") is None:
        raise UsageError(
            "speech is recognised by faster-whisper, which is not installed",
            hint="pip install 'trailergen[transcribe]'",
        )


def require_files(folder: Path) -> None:
    """Raise WeightsError if a folder lacks a file that every model has."""
    missing = [name for name in (FILE, TOKENS, "config.json") if not is_file(folder / name)]
    if missing:
        raise WeightsError(
            f"{folder} holds no model that faster-whisper can use",
            f"there is no {missing[0]} in it",
            "`trailergen weights fetch whisper-small` brings one, to be named like that",
        )


def _of_speech() -> list[WeightsFile]:
    return [weights for weights in known_weights().values() if weights.feature_space == SPACE]


def _names() -> list[str]:
    return [weights.name for weights in _of_speech()]
