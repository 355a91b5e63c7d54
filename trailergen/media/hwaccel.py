"""Hardware decoding, on machines whose graphics card can decode the film."""

from __future__ import annotations

from pathlib import Path

import av.error
from av.codec import Codec, codecs_available
from av.codec.hwaccel import HWAccel, hwdevices_available

from trailergen.errors import InputError
from trailergen.media.container import open_media, picture_stream
from trailergen.media.decoding import decode
from trailergen.runtime.device import Hwaccel

_USUAL = ("h264", "hevc", "av1", "vp9", "mpeg2video")


def hardware_decoder(choice: Hwaccel, device: str, film: Path) -> tuple[HWAccel | None, str | None]:
    """The hardware decoder of a film for ``open_media``, and the reason if one that was named cannot be used.

    Args:
        choice: the user's.
        device: of the models.
        film: is tried by decoding a picture of it: cards know few codecs and formats.
    """
    if choice is Hwaccel.none or (choice is Hwaccel.auto and device != "cuda"):
        return None, None
    kind = "cuda" if choice is Hwaccel.auto else choice.value
    reason = _why_not(kind, film)
    if reason is None:
        return _decoder(kind), None
    said = f"--hwaccel {kind}: {reason}; the film is decoded on the CPU"
    return None, None if choice is Hwaccel.auto else said


def hardware_here() -> dict[str, bool]:
    """The choices for which this build of PyAV has a decoder of a usual codec; True for those that open here."""
    found: dict[str, bool] = {}
    for codec in (Codec(name, "r") for name in _USUAL if name in codecs_available):
        for config in codec.hardware_configs or ():
            kind = config.device_type.name
            if config.is_supported and kind in set(Hwaccel) and not found.get(kind):
                found[kind] = _opens(kind, codec)
    return found


def _opens(kind: str, codec: Codec) -> bool:
    try:
        _decoder(kind).create(codec)
    except (RuntimeError, OSError):  # those of PyAV are OSErrors, too
        return False
    return True


def _why_not(kind: str, film: Path) -> str | None:
    known = hwdevices_available()
    if kind not in known:
        return f"this build of PyAV knows {', '.join(known) or 'no hardware'} only, see trailergen doctor"
    try:
        with open_media(film, _decoder(kind)) as container:
            next(decode(container, picture_stream(container, film)), None)
    except (InputError, RuntimeError, av.error.FFmpegError) as error:
        return str(error.why or error.what) if isinstance(error, InputError) else str(error)
    return None


def _decoder(kind: str) -> HWAccel:
    return HWAccel(kind, allow_software_fallback=False)
