"""The weights that have a name: those of ``weights/index.toml``, and entries of the user's own."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from trailergen.errors import WeightsError
from trailergen.runtime.places import is_file, of_this_user

STARTER = "starter"
INDEX = "index.toml"
_FIELDS = frozenset(
    {
        "file",
        "urls",
        "size",
        "sha256",
        "licence",
        "licence_url",
        "needs_acceptance",
        "feature_space",
        "about",
        "package",
        "companions",
    }
)
_COMPANION_FIELDS = frozenset({"file", "urls", "size", "sha256"})


@dataclass(frozen=True)
class WeightsFile:
    """One entry of an index.

    ``size`` is in bytes, 0 where it is not known beforehand; ``sha256`` is "" where none is published. ``urls`` are
    tried in order. ``shipped`` weights come with trailergen, in ``package`` if that is not "", a distribution it
    requires, and are never downloaded. ``companions`` are files that lie beside it and are of no use alone: they are
    fetched and verified with it.
    """

    name: str
    path: Path
    sha256: str
    size: int
    licence: str
    feature_space: str
    urls: tuple[str, ...] = ()
    licence_url: str = ""
    needs_acceptance: bool = False
    about: str = ""
    shipped: bool = True
    package: str = ""
    companions: tuple[WeightsFile, ...] = ()

    @property
    def total_size(self) -> int:
        """Bytes of all its files; 0 where that of the file itself is not known."""
        return self.size and self.size + sum(part.size for part in self.companions)


def weights_folder() -> Path:
    """The folder of downloaded weights: ``$TRAILERGEN_WEIGHTS``, else in the platform's data folder for this user.

    Who has no home has no downloaded weights: the folder is then one that nobody can make.
    """
    if chosen := os.environ.get("TRAILERGEN_WEIGHTS"):
        return Path(chosen)
    from platformdirs import user_data_path

    return (of_this_user(user_data_path) or Path(os.devnull)) / "weights"


def known_weights() -> dict[str, WeightsFile]:
    """All weights by name: trailergen's own, then those of an ``index.toml`` in the weights folder.

    The user's index may add names, and describe trailergen's downloads anew; shipped weights it cannot touch.

    Raises:
        WeightsError: an index is missing or broken.
    """
    own = _read(_shipped_folder() / INDEX, shipped=True)
    users = weights_folder() / INDEX
    if not is_file(users):
        return own
    added = _read(users, shipped=False)
    for name in added:
        if name in own and own[name].shipped:
            raise WeightsError(
                f"cannot use {users}", f"the weights {name} come with trailergen", "give your entry another name"
            )
    return own | added


def shipped_weights() -> dict[str, WeightsFile]:
    """The weights that come with trailergen, by name. Raises WeightsError where the index is missing or broken."""
    return {name: weights for name, weights in _read(_shipped_folder() / INDEX, True).items() if weights.shipped}


def find_weights(name: str) -> WeightsFile:
    """The weights of that name, whether they are here or not. Raises WeightsError if none have it."""
    known = known_weights()
    if name not in known:
        raise WeightsError(
            f"there are no weights named {name!r}",
            f"known are: {', '.join(known) or 'none'}",
            f"an entry for others goes into {weights_folder() / INDEX}: docs/weights.md",
        )
    return known[name]


def _read(index: Path, shipped: bool) -> dict[str, WeightsFile]:
    try:
        entries = tomllib.loads(index.read_text(encoding="utf-8"))
        return {name: _entry(name, entry, index.parent, shipped) for name, entry in entries.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "install trailergen again" if shipped else "correct it or remove it: docs/weights.md describes it"
        raise WeightsError(f"cannot read {index}", f"{type(error).__name__}: {error}", hint) from error


def _entry(name: str, entry: dict[str, Any], folder: Path, shipped: bool) -> WeightsFile:
    """One table of an index, whose mistakes raise KeyError, TypeError or ValueError."""
    if unknown := entry.keys() - _FIELDS:
        raise ValueError(f"{name}: unknown: {', '.join(sorted(unknown))}")
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name):
        raise ValueError(f"{name!r} is no name: small letters, digits, dots and dashes")
    file, sha256, urls = entry["file"], entry.get("sha256", ""), tuple(entry.get("urls", ()))
    size = entry.get("size", 0)
    if not isinstance(entry.get("urls", []), list) or not all(isinstance(url, str) for url in urls):
        raise ValueError(f"{name}: urls is no list of addresses")
    if not all(urlsplit(url).hostname for url in urls):
        raise ValueError(f"{name}: one of urls is no address")
    # The name becomes a path in the weights folder: an index must not be able to lead out of it.
    if Path(file).name != file or file.startswith("."):
        raise ValueError(f"{name}: file {file!r} is not a plain file name")
    if sha256 and not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(f"{name}: {sha256!r} is no SHA-256")
    if not isinstance(size, int) or size < 0:
        raise ValueError(f"{name}: size {size!r} is no number of bytes")
    here, package = shipped and not urls, entry.get("package", "")
    if package and not here:
        raise ValueError(f"{name}: only weights that come with trailergen lie in a package")
    found = WeightsFile(
        name,
        _packaged(package, file) if package else folder / file if here else weights_folder() / name / file,
        sha256,
        size,
        entry["licence"],
        entry["feature_space"],
        urls,
        entry.get("licence_url", ""),
        bool(entry.get("needs_acceptance", False)),
        entry.get("about", ""),
        here,
        package,
    )
    companions = entry.get("companions", [])
    if companions and here:
        raise ValueError(f"{name}: only weights that are downloaded have companions")
    beside = tuple(_companion(found, part, folder, shipped) for part in companions)
    if len({found.path, *(part.path for part in beside)}) <= len(beside):
        raise ValueError(f"{name}: two of its files have one name")
    return replace(found, companions=beside)


def _companion(weights: WeightsFile, entry: dict[str, Any], folder: Path, shipped: bool) -> WeightsFile:
    """A file beside another one, under its name and licence. Mistakes raise as those of ``_entry``."""
    if unknown := entry.keys() - _COMPANION_FIELDS:
        raise ValueError(f"{weights.name}: unknown in companions: {', '.join(sorted(unknown))}")
    facts = {"licence": weights.licence, "licence_url": weights.licence_url, "feature_space": weights.feature_space}
    found = _entry(weights.name, {**entry, **facts, "needs_acceptance": weights.needs_acceptance}, folder, shipped)
    if found.shipped != weights.shipped:
        raise ValueError(f"{weights.name}: {found.path.name} has no urls")
    return found


def _packaged(package: str, file: str) -> Path:
    """The path of a file in an installed distribution, whose code is not run; a path that does not exist where there is
    no such file."""
    try:
        files = distribution(package).files or ()
    except PackageNotFoundError:
        files = ()
    found = next((entry for entry in files if entry.name == file), None)
    return Path(str(found.locate())) if found else Path(package) / file


def _shipped_folder() -> Path:
    """Inside an installed package, or beside the package in a clone."""
    package = Path(__file__).parent.parent
    installed = package / "shipped_weights"
    return installed if installed.is_dir() else package.parent / "weights"
