"""Streams that cannot be decoded are refused by their number, with the reason."""

from __future__ import annotations

from pathlib import Path

import av
import ffmpeg
import pytest
from counterfilm import make_film

from trailergen.errors import InputError
from trailergen.media.audio import read_audio
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import probe_film

KEY, KEY_ID = "76a6c65c5ea762046bd749a2e632ccbb", "a7e61c373e219033c21091fa607bf3b8"
tells = pytest.mark.skipif(not hasattr(av.Packet, "has_sidedata"), reason="this PyAV does not tell what is encrypted")


def encrypted(source: Path, path: Path, **codec: str) -> Path:
    keys = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": KEY, "encryption_kid": KEY_ID}
    run(ffmpeg.input(file_url(source)).output(file_url(path), **codec, **keys))
    return path


def test_pictures_of_an_unknown_codec(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", 12)
    film.write_bytes(film.read_bytes().replace(b"avc1", b"zzz9"))
    with pytest.raises(InputError, match=r"stream 0 \(video\) of .*film.mp4 is of a codec that this build"):
        probe_film(film)


@tells
def test_encrypted_pictures(tmp_path: Path) -> None:
    film = encrypted(make_film(tmp_path / "clear.mp4", 12), tmp_path / "film.mp4", vcodec="copy")
    with pytest.raises(InputError, match=r"stream 0 \(video\) of .*film.mp4 is encrypted"):
        probe_film(film)


@tells
def test_encrypted_music(tmp_path: Path) -> None:
    clear = tmp_path / "clear.m4a"
    run(ffmpeg.input("sine=duration=2", format="lavfi").output(file_url(clear), acodec="aac"))
    track = encrypted(clear, tmp_path / "track.m4a", acodec="copy")
    with pytest.raises(InputError, match=r"stream 0 \(audio\) of .*track.m4a is encrypted"):
        read_audio(track, 48_000, 2)
