"""Every media file of a folder: as many pictures, and seconds of sound, as the ffmpeg program gives.

    TRAILERGEN_MEDIA=/path/to/files pytest -m slow tests/slow/test_against_ffmpeg.py

By default the folders of real media and of cases beside the repository.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from trailergen.errors import InputError
from trailergen.media.audio import stream_audio
from trailergen.media.container import open_media
from trailergen.media.frames import decode_film
from trailergen.media.probe import probe_film

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
TEXTS = {".py", ".json", ".csv", ".md", ".srt", ".ass", ".vtt", ".ttml", ".edl", ".xml", ".otio", ".txt"}
RATE = 8000
FFMPEG = shutil.which("ffmpeg")


def media_files() -> list[Path]:
    named = os.environ.get("TRAILERGEN_MEDIA")
    folders = [Path(named)] if named else [SHARED / "media", SHARED / "cases"]
    return sorted(
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix.lower() not in TEXTS
    )


def ffmpeg_gives(path: Path, *arguments: str) -> bytes:
    command = [str(FFMPEG), "-v", "quiet", "-nostdin", "-i", f"file:{path}", *arguments, "-"]
    return subprocess.run(command, capture_output=True, check=False).stdout


@pytest.mark.skipif(FFMPEG is None, reason="no ffmpeg program to compare with")
@pytest.mark.parametrize("path", media_files(), ids=lambda path: path.name)
def test_pictures_and_seconds_of_sound(path: Path) -> None:
    try:
        film = probe_film(path)
        with open_media(path) as container:
            pictures = sum(1 for event in decode_film(container, film) if isinstance(event, tuple))
        stream = film.stream
    except InputError:
        pictures, stream = 0, -1
    if stream >= 0:
        lines = ffmpeg_gives(path, "-map", f"0:v:{stream}", "-fps_mode", "passthrough", "-f", "framecrc").splitlines()
        # At the seam of two sizes ffmpeg's own filter may lose a picture.
        assert abs(pictures - sum(1 for line in lines if line and not line.startswith(b"#"))) <= 1
    try:
        seconds = sum(len(block) for block in stream_audio(path, RATE, 1)) / RATE
    except InputError:
        seconds = 0.0
    heard = ffmpeg_gives(path, "-vn", "-map", "0:a:0?", "-f", "s16le", "-ac", "1", "-ar", str(RATE))
    assert seconds == pytest.approx(len(heard) / 2 / RATE, abs=0.1)
