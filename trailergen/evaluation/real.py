"""A real film and its official trailer, given as features: for examination only, nothing is ever tuned on it.

The file is JSON, lists of equal length over the film's shots but for the last::

    {"title": "...", "features": [[...], ...], "start_s": [...], "duration_s": [...],
     "motion": [...], "brightness": [...], "loudness": [...], "official": [film shot of each trailer shot]}

``motion``, ``brightness`` and ``loudness`` may be missing. ``official`` has no entries for title cards.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import torch
from pydantic import BaseModel, Field, FiniteFloat, ValidationError

from trailergen.errors import InputError
from trailergen.evaluation.experiment import Exam
from trailergen.ssmp.tokens import ShotFacts, film_tokens

_Shots = Annotated[list[FiniteFloat], Field(min_length=1)]


class RealPair(BaseModel):
    """The content of the file."""

    title: str
    features: Annotated[list[_Shots], Field(min_length=1)]
    start_s: _Shots
    duration_s: _Shots
    motion: _Shots | None = None
    brightness: _Shots | None = None
    loudness: _Shots | None = None
    official: Annotated[list[int], Field(min_length=1)]

    def exam(self) -> Exam:
        """The film's tokens and the official trailer."""

        def measured(values: list[float] | None) -> np.ndarray | None:
            return None if values is None else np.asarray(values, np.float32)

        facts = ShotFacts(
            np.asarray(self.start_s, np.float32),
            np.asarray(self.duration_s, np.float32),
            *(measured(values) for values in (self.motion, self.brightness, self.loudness)),
        )
        tokens = film_tokens(np.asarray(self.features, np.float32), facts)
        return Exam(torch.from_numpy(tokens), list(self.official))


def read_real_pair(path: Path) -> RealPair:
    """Read and check the file.

    Raises:
        InputError: it cannot be read, lacks something, has lists of different lengths or shots the film does not have.
    """
    try:
        pair = RealPair.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        why = str(error.strerror if isinstance(error, OSError) else error)
        raise InputError(f"cannot read the film and trailer in {path}", why) from error
    shots = len(pair.features)
    if len({len(vector) for vector in pair.features}) > 1:
        raise InputError(f"the features in {path} are of different lengths")
    for name in ("start_s", "duration_s", "motion", "brightness", "loudness"):
        values = getattr(pair, name)
        if values is not None and len(values) != shots:
            raise InputError(f"{path} has {len(values)} values of {name} for {shots} shots")
    if not all(0 <= shot < shots for shot in pair.official):
        raise InputError(f"the official trailer in {path} shows shots that the film does not have")
    return pair
