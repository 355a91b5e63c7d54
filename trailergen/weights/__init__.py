"""Model weights: their index, files, verification, licences and download.

``index`` knows the names, ``verify`` answers for a file's content, ``licence`` remembers what was accepted, and
``fetch`` downloads. Whoever loads a model calls ``verified(find_weights(name))`` and gets a path that can be read.
"""

from trailergen.weights.index import (
    STARTER,
    WeightsFile,
    find_weights,
    known_weights,
    shipped_weights,
    weights_folder,
)
from trailergen.weights.licence import accept, accepted, require_acceptance
from trailergen.weights.verify import check_content, expected_sha256, verified

__all__ = [
    "STARTER",
    "WeightsFile",
    "accept",
    "accepted",
    "check_content",
    "expected_sha256",
    "find_weights",
    "known_weights",
    "require_acceptance",
    "shipped_weights",
    "verified",
    "weights_folder",
]
