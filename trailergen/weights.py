"""Where model weights are, and whether they are what they should be."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from trailergen.cache import file_sha256
from trailergen.errors import WeightsError

STARTER = "starter"


@dataclass(frozen=True)
class WeightsFile:
    """One entry of ``weights/index.toml``. ``size`` in bytes."""

    name: str
    path: Path
    sha256: str
    size: int
    licence: str
    feature_space: str


def shipped_weights() -> dict[str, WeightsFile]:
    """The weights that come with trailergen, by name. Raises WeightsError where the index is missing or broken."""
    folder = _shipped_folder()
    index = folder / "index.toml"
    try:
        entries = tomllib.loads(index.read_text(encoding="utf-8"))
        return {
            name: WeightsFile(
                name,
                folder / entry["file"],
                entry["sha256"],
                entry["size"],
                entry["licence"],
                entry["feature_space"],
            )
            for name, entry in entries.items()
        }
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise WeightsError(f"cannot read {index}", str(error), "install trailergen again") from error


def find_weights(name: str) -> WeightsFile:
    """The shipped weights of that name. Raises WeightsError if there are none."""
    known = shipped_weights()
    if name not in known:
        raise WeightsError(f"there are no weights named {name!r}", f"known are: {', '.join(known) or 'none'}")
    return known[name]


def verified(weights: WeightsFile) -> Path:
    """The path of a weights file whose content is what the index says.

    Raises:
        WeightsError: the file is missing, or its SHA-256 is another.
    """
    try:
        found = file_sha256(weights.path)
    except OSError as error:
        raise WeightsError(
            f"the weights {weights.path} are missing", error.strerror, "install trailergen again"
        ) from error
    if found != weights.sha256:
        raise WeightsError(
            f"the weights {weights.path} are damaged",
            f"SHA-256 is {found}, the index says {weights.sha256}",
            "install trailergen again",
        )
    return weights.path


def _shipped_folder() -> Path:
    """Inside an installed package, or beside the package in a clone."""
    package = Path(__file__).parent
    installed = package / "shipped_weights"
    return installed if installed.is_dir() else package.parent / "weights"
