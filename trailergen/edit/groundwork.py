"""What a film alone decides of its trailers, kept in the cache: of 2,000 shots it takes ten core-seconds to find out.

It is what functions remember for as long as their film lives (runtime/memory.py): scenes and near-duplicates, the looks
of the shots, how alike they are and whose they are, the appeal of each frame, and the model's tokens. What one process
has found the next one's functions hold from the beginning, bit for bit. An entry of 2,000 shots takes 32 MB, most of it
the likeness of any two shots (16 MB of float32) and the looks (10 MB); one of 130 shots 1 MB.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from trailergen.edit.draft import Draft, film_appeal, film_looks
from trailergen.edit.duplicates import near_duplicates
from trailergen.edit.fit import Appeal
from trailergen.edit.scenes import scene_numbers
from trailergen.features.encoder import Encoder
from trailergen.readings.read import VERSION as READINGS
from trailergen.runtime.cache import Arrays, Entry
from trailergen.session import Session
from trailergen.shots.analysis import VERSION as SHOTS
from trailergen.shots.networks import packaged_weights
from trailergen.ssmp.spaces import TokenSpace, film_tokens
from trailergen.stages import AnalysedFilm
from trailergen.style.material import likeness
from trailergen.style.parties import parties

GROUNDWORK_VERSION = 1
"""Part of the name of every entry: raise it when one of the functions would find something else."""


class Groundwork:
    """The groundwork of one draft's film, for who has the features of ``encoder`` and reads ``tokens``, None for those
    features themselves."""

    def __init__(self, session: Session, film: AnalysedFilm, draft: Draft, encoder: Encoder, tokens: TokenSpace | None):
        if tokens is not None and tokens.reads_lines:
            tokens = None  # these are of the film and its words
        self._session, self._draft, self._tokens = session, draft, tokens
        flags = [list(shot.flags) for shot in draft.analysis.shots]
        inputs: dict[str, Any] = {
            **film.inputs(),
            "shots": [SHOTS, packaged_weights()],
            "readings": READINGS,
            "flags": [[number, found] for number, found in enumerate(flags) if found],
            "features": [encoder.space, encoder.version, dict(encoder.weights)],
            "tokens": None if tokens is None else tokens.name,
        }
        self._key = session.cache.key("groundwork", GROUNDWORK_VERSION, inputs)

    @property
    def _wanted(self) -> bool:
        """True where an editor's rules count: without them hardly any of it is needed."""
        return self._draft.readings is not None and self._draft.style.has_rules

    def recall(self) -> None:
        """Let the functions hold what is in the cache, unless they know it. Raises InputError for one that cannot be
        read."""
        draft, readings = self._draft, self._draft.readings
        if not self._wanted or readings is None or film_looks.holds(draft.analysis):
            return
        if (entry := self._session.cache.load(self._key)) is None:
            return
        analysis, found, shots = draft.analysis, entry.arrays, len(draft.analysis.shots)
        scene_numbers.hold(found["scenes"], draft.features)
        alike = np.unpackbits(found["near_duplicates"], axis=1, count=shots).astype(np.bool_)
        near_duplicates.hold(alike, analysis)
        looks = film_looks.hold(found["looks"], analysis)
        likeness.hold(found["alike"], looks)
        parties.hold(found["parties"], looks, readings.subject)
        film_appeal.hold(Appeal(found["subject"], found["lively"], float(analysis.rate)), analysis)
        if self._tokens is not None:
            film_tokens.hold(found["tokens"], self._tokens, draft.features, draft.facts)

    def keep(self) -> None:
        """Put all of it into the cache, unless it is there. Raises OutputError."""
        readings = self._draft.readings
        if not self._wanted or readings is None or self._session.cache.has(self._key):
            return
        analysis, features = self._draft.analysis, self._draft.features
        looks, appeal = film_looks(analysis), film_appeal(analysis)
        arrays: Arrays = {
            "scenes": scene_numbers(features),
            "near_duplicates": np.packbits(near_duplicates(analysis), axis=1),
            "looks": looks,
            "alike": likeness(looks),
            "parties": parties(looks, readings.subject),
            "subject": appeal.subject,
            "lively": appeal.lively,
        }
        if self._tokens is not None:
            arrays["tokens"] = film_tokens(self._tokens, features, self._draft.facts)
        self._session.cache.store(self._key, Entry({}, arrays))
