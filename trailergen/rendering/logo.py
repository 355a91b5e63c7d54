"""The logo of an end card: a PNG file, with or without transparent parts."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from trailergen.errors import InputError
from trailergen.runtime.cache import file_sha256, require_file

MOST_SIDE = 8192
"""Pixels of a logo's width or height at most."""
_PNG = "give a PNG picture"
_SMALLER = f"scale it to {MOST_SIDE} pixels a side at most"


def open_logo(path: str) -> Image.Image:
    """A logo as red, green, blue and how much it covers, 8 bits each.

    Raises:
        InputError: it cannot be read, is no PNG picture, is larger than ``MOST_SIDE``, or shows nothing.
    """
    _require(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=("PNG",)) as found:
                if max(found.size) > MOST_SIDE:
                    raise InputError(
                        f"the logo {path} is too large", f"it has {found.width}x{found.height} pixels", _SMALLER
                    )
                found.load()
                logo = _eight_bits(found).convert("RGBA")
    except UnidentifiedImageError as error:
        raise InputError(f"the logo {path} is no PNG picture", hint=_PNG) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError(f"the logo {path} is too large", hint=_SMALLER) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"cannot read the logo {path}", str(error), _PNG) from error
    if logo.getchannel("A").getextrema()[1] == 0:
        raise InputError(f"the logo {path} shows nothing", "all of it is transparent", "export it with its colours")
    return logo


def _require(path: str) -> None:
    try:
        require_file(Path(path))
    except InputError as error:
        raise InputError(
            f"cannot read the logo {path}", error.what, "put it back, or give another with --logo"
        ) from error


def _eight_bits(picture: Image.Image) -> Image.Image:
    """A picture of 16 bits of grey, which Pillow would clip, with 8."""
    if not picture.mode.startswith("I"):
        return picture
    return Image.fromarray((np.asarray(picture, np.uint32) // 257).astype(np.uint8))


def logo_sha256(path: str) -> str:
    """The SHA-256 of a logo's file. Raises InputError."""
    _require(path)
    try:
        return file_sha256(Path(path))
    except OSError as error:
        raise InputError(f"cannot read the logo {path}", error.strerror, _PNG) from error


def scaled_logo(path: str, width: int, height: int) -> NDArray[np.uint8]:
    """A logo as large as it fits into so many pixels, and no larger than it is: (rows, columns, 4). Raises InputError.

    What is transparent at its edges does not count.
    """
    logo = open_logo(path)
    logo = logo.crop(logo.getchannel("A").getbbox())
    factor = min(width / logo.width, height / logo.height, 1)
    size = max(1, round(logo.width * factor)), max(1, round(logo.height * factor))
    # Colours of what is transparent must not show at the edges of what is not.
    return np.asarray(logo.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA"))
