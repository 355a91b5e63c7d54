"""Damaged files are read as players read them: faults are stepped over, and told."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest
from counterfilm import make_film
from scipy.io import wavfile

from trailergen.errors import InputError
from trailergen.media.audio import read_audio
from trailergen.media.container import open_media
from trailergen.media.decoding import Damage
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.frames import decode_film
from trailergen.media.probe import probe_film
from trailergen.music.analysis import analyse_music


def ogg_checksum(page: bytes) -> int:
    """RFC 3533: CRC-32 with the polynomial 0x04c11db7, not reflected."""
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value


def with_empty_packet(source: Path, target: Path, page: int) -> Path:
    """An Ogg file with a packet of no bytes behind the first whole one of a page."""
    data, out, at, number = source.read_bytes(), b"", 0, 0
    while at < len(data):
        head = bytearray(data[at : at + 27])
        lacing = list(data[at + 27 : at + 27 + head[26]])
        body = data[at + 27 + head[26] : at + 27 + head[26] + sum(lacing)]
        at += 27 + head[26] + len(body)
        if number == page:
            lacing.insert(next(index for index, size in enumerate(lacing) if size < 255) + 1, 0)
        head[26], head[22:26] = len(lacing), b"\0\0\0\0"
        head[22:26] = struct.pack("<I", ogg_checksum(bytes(head) + bytes(lacing) + body))
        out += bytes(head) + bytes(lacing) + body
        number += 1
    target.write_bytes(out)
    return target


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of Vorbis."""
    path = tmp_path_factory.mktemp("track") / "track.ogg"
    run(ffmpeg.input("sine=440:r=44100", format="lavfi", t=12).output(file_url(path), acodec="libvorbis"))
    return path


def test_music_is_played_over_a_packet_without_bytes(track: Path, tmp_path: Path) -> None:
    whole = read_audio(track, 48_000, 1)
    damage = Damage()
    heard = read_audio(with_empty_packet(track, tmp_path / "hole.ogg", 6), 48_000, 1, damage=damage)
    assert abs(len(heard) - len(whole)) < 4800
    assert damage.packets == 1


def test_a_track_with_such_a_packet_is_cut_whole_and_it_is_told(track: Path, tmp_path: Path) -> None:
    damage = Damage()
    found = analyse_music(with_empty_packet(track, tmp_path / "hole.ogg", 6), damage=damage)
    assert found.end - found.start > 11 * found.sample_rate
    assert damage.packets == 1


def remuxed(source: Path, target: Path, spoil: dict[int, bytes]) -> Path:
    """The same film with the bytes of some packets replaced."""
    with av.open(str(source)) as container, av.open(str(target), "w", format="matroska") as output:
        stream = container.streams.video[0]
        copy = output.add_stream_from_template(stream)
        for number, packet in enumerate(packet for packet in container.demux(stream) if packet.size):
            content = spoil.get(number)
            fresh = packet if content is None else av.Packet(content)
            fresh.stream = copy
            if content is not None:
                fresh.pts, fresh.dts, fresh.time_base = packet.pts, packet.dts, packet.time_base
                fresh.is_keyframe = packet.is_keyframe
            output.mux(fresh)
    return target


@pytest.mark.parametrize("content", [b"\0", b"\xff" * 300], ids=["one byte", "rubbish"])
def test_a_damaged_picture_costs_no_more_than_its_group(tmp_path: Path, content: bytes) -> None:
    film = make_film(tmp_path / "film.mp4", 96)
    spoilt = probe_film(remuxed(film, tmp_path / "spoilt.mkv", {30: content}))
    damage = Damage()
    with open_media(spoilt.path) as container:
        shown = sum(1 for event in decode_film(container, spoilt, damage=damage) if isinstance(event, tuple))
    assert 96 - 12 <= shown <= 96
    assert damage.packets >= 1 or shown == 96


def test_titles_in_another_encoding_do_no_harm(tmp_path: Path) -> None:
    avi, wav = tmp_path / "film.avi", tmp_path / "track.wav"
    picture = ffmpeg.input("testsrc=size=64x64:rate=24", format="lavfi", t=1)
    run(picture.output(file_url(avi), vcodec="mpeg4", metadata="title=AAAA"))
    avi.write_bytes(avi.read_bytes().replace(b"AAAA", b"\xe9t\xe9\xe8"))
    assert probe_film(avi).width == 64
    wavfile.write(tmp_path / "plain.wav", 48_000, np.zeros((48_000, 2), np.int16))
    source = ffmpeg.input(file_url(tmp_path / "plain.wav"))
    run(source.output(file_url(wav), acodec="copy", metadata="title=AAAA"))
    wav.write_bytes(wav.read_bytes().replace(b"AAAA", b"\xe9t\xe9\xe8"))
    assert len(read_audio(wav, 48_000, 2)) == 48_000


def read_through(path: Path) -> tuple[int, Damage]:
    """The number of pictures of a film, and what was told of it."""
    damage, film = Damage(), probe_film(path)
    with open_media(path) as container:
        return sum(isinstance(event, tuple) for event in decode_film(container, film, damage=damage)), damage


def test_pictures_whose_references_are_missing_are_told(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.ts", tmp_path / "cut.ts"
    run(ffmpeg.input(file_url(make_film(tmp_path / "film.mp4", 96))).output(file_url(whole), vcodec="copy"))
    assert read_through(whole) == (96, Damage())
    cut.write_bytes(whole.read_bytes()[188 * 20 :])  # begins inside of a group
    with av.open(str(cut)) as container:
        packets = sum(packet.size > 0 for packet in container.demux(video=0))
    shown, damage = read_through(cut)
    assert shown < packets
    assert (damage.lost, damage.flawed) == (packets - shown - damage.packets, 0)


def test_pictures_that_the_decoder_mends_are_told(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    picture = ffmpeg.input("testsrc2=size=320x180:rate=24", format="lavfi", t=2)
    run(picture.output(file_url(film), vcodec="libx264", bf=0, g=24, crf=14))
    with av.open(str(film)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    half = len(packets[30]) // 2
    rubbish = bytes(byte ^ 0x55 for byte in packets[30][half:])
    spoilt = remuxed(film, tmp_path / "spoilt.mkv", {30: packets[30][:half] + rubbish})
    shown, damage = read_through(spoilt)
    assert shown + damage.lost + damage.packets == 48
    assert damage.flawed >= 1
    assert read_through(film) == (48, Damage())


def test_a_film_that_ends_before_its_index_is_refused_with_the_reason(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", 48)
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    with pytest.raises(InputError, match="ends before its index") as refused:
        probe_film(film)
    assert "moov" in str(refused.value)
