"""Opening of media files by PyAV, with its protocols and error messages."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import av
import av.error
from av.codec.hwaccel import HWAccel
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from trailergen.errors import InputError
from trailergen.runtime.places import missing_file

# Formats that name other files or addresses, by their content or by a pattern in their own name, are no films: they
# would have them opened. And a file name is never a URL or a protocol of ffmpeg's.
_REFERRING = {"concat", "dash", "hls", "image2", "imf", "rtp", "rtsp", "sdp", "webm_dash_manifest"}
_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": ",".join(sorted(av.formats_available - _REFERRING)),
}

_BOXES = 1000


@contextmanager
def open_media(path: Path, hardware: HWAccel | None = None) -> Iterator[InputContainer]:
    """Open a file for reading, its pictures to be decoded by ``hardware`` if given (see media/hwaccel.py).

    Raises:
        InputError: missing, unreadable, empty, or nothing ffmpeg knows; also for errors of this kind that
            surface while the block reads.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder, not a media file")
        if path.stat().st_size == 0:
            raise InputError(f"{path} is empty (0 bytes)", hint="copy or download it again")
        # Titles may be in any encoding.
        with av.open(f"file:{path}", options=_OPTIONS, hwaccel=hardware, metadata_errors="replace") as container:
            yield container
    except FileNotFoundError as error:
        raise missing_file(path) from error
    except (PermissionError, IsADirectoryError) as error:
        raise InputError(f"cannot read {path}", error.strerror) from error
    except av.error.FFmpegError as error:
        if _lacks_index(path):
            raise InputError(
                f"{path} ends before its index",
                "the box moov of its format is missing: it was copied or recorded only in part",
                "copy or download it again",
            ) from error
        raise InputError(
            f"cannot read {path} as film or music",
            error.strerror or str(error),
            "check that it plays; if it does, convert it with ffmpeg first",
        ) from error


def _lacks_index(path: Path) -> bool:
    """True for an MP4 or MOV without the box that says what lies where (ISO/IEC 14496-12, 4.2 and 8.2)."""
    with suppress(OSError), path.open("rb") as file:
        at, names = 0, list[bytes]()
        while len(head := file.read(16)) >= 8 and len(names) < _BOXES:
            size, name = struct.unpack(">I4s", head[:8])
            names.append(name)
            if size == 1 and len(head) == 16:
                (size,) = struct.unpack(">Q", head[8:])
            if size < 8:
                break
            at += size
            file.seek(at)
        return names[:1] == [b"ftyp"] and not {b"moov", b"moof"} & set(names)
    return False


def picture_stream(container: InputContainer, path: Path) -> VideoStream:
    """The stream that is the film: the best one that is no cover picture. Raises InputError if none."""
    films = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    best = container.streams.best("video")
    if isinstance(best, VideoStream) and best in films:
        return best
    if films:
        return films[0]
    raise InputError(f"{path} has no video", hint="a film is a file with moving pictures, and comes before the music")
