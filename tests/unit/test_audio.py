"""Reading sound: exact samples, every container, clear errors."""

from __future__ import annotations

import struct
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from trailergen.errors import InputError
from trailergen.media.audio import read_audio

MEDIA = Path(__file__).resolve().parents[2] / ".." / "shared" / "media"
RATE = 48_000


def write_wav(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    """16-bit WAV of (samples, channels) integers."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def write_float_wav(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    """32-bit float WAV of (samples, channels)."""
    data, channels = samples.astype("<f4").tobytes(), samples.shape[1]
    form = struct.pack("<HHIIHH", 3, channels, rate, rate * channels * 4, channels * 4, 32)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def tone(seconds: float, rate: int, channels: int = 2) -> np.ndarray:
    """A 440 Hz tone at half of full scale, 16-bit integers."""
    wave_ = 16_384 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)
    return np.repeat(np.round(wave_)[:, None], channels, axis=1)


def write_film_with_sounds(path: Path, pitches: list[int], cover: bool = False) -> Path:
    """A Matroska file with a video stream and one second-long tone a sound stream."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mjpeg" if cover else "mpeg4", rate=25)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuvj420p" if cover else "yuv420p"
        streams = [container.add_stream("pcm_s16le", rate=RATE, layout="stereo") for _ in pitches]
        container.mux(picture.encode(av.VideoFrame(64, 48, picture.pix_fmt)))
        container.mux(picture.encode(None))
        for pitch, stream in zip(pitches, streams, strict=True):
            wave_ = 16_384 * np.sin(2 * np.pi * pitch * np.arange(RATE) / RATE)
            frame = av.AudioFrame.from_ndarray(np.repeat(wave_.astype(np.int16), 2)[None], "s16", "stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def pitch_of(samples: np.ndarray) -> float:
    """The strongest frequency of the first channel, Hz."""
    return float(np.abs(np.fft.rfft(samples[:, 0])).argmax() * RATE / len(samples))


def test_samples_are_exact_at_the_files_own_rate(tmp_path: Path) -> None:
    written = np.random.default_rng(0).integers(-32768, 32768, (10_007, 2))
    read = read_audio(write_wav(tmp_path / "noise.wav", written), RATE, 2)
    assert read.dtype == np.float32
    assert np.array_equal(read, written / 32768)


@pytest.mark.parametrize("rate", [8_000, 44_100, 96_000])
def test_other_rates_keep_time_and_pitch(tmp_path: Path, rate: int) -> None:
    read = read_audio(write_wav(tmp_path / "tone.wav", tone(2, rate), rate), RATE, 2)
    assert abs(len(read) - 2 * RATE) <= 64
    assert pitch_of(read) == pytest.approx(440, abs=1)
    assert np.abs(read[RATE // 2 : -RATE // 2]).max() == pytest.approx(0.5, abs=0.01)


def test_mono_keeps_the_power_of_left_and_right(tmp_path: Path) -> None:
    written = np.random.default_rng(0).integers(-32768, 32768, (4_800, 2))
    read = read_audio(write_wav(tmp_path / "noise.wav", written), RATE, 1)
    assert read.shape == (4_800, 1)
    assert np.allclose(read[:, 0], written.sum(axis=1) / 32768 / np.sqrt(2), atol=1e-4)


@pytest.mark.parametrize("channels", [1, 6])
def test_mono_and_surround_become_stereo(tmp_path: Path, channels: int) -> None:
    read = read_audio(write_wav(tmp_path / "tone.wav", tone(1, RATE, channels)), RATE, 2)
    assert read.shape == (RATE, 2)
    assert np.allclose(read[:, 0], read[:, 1], atol=1e-6)
    assert np.abs(read).max() > 0.2


def test_what_is_no_number_becomes_one(tmp_path: Path) -> None:
    samples = np.full((4_800, 2), 0.25)
    samples[100, 0], samples[200, 1], samples[300, 0] = np.nan, np.inf, -np.inf
    read = read_audio(write_float_wav(tmp_path / "odd.wav", samples), RATE, 2)
    assert (read[100, 0], read[200, 1], read[300, 0]) == (0, 1, -1)
    assert read[0, 0] == 0.25


def test_stream_of_sound_is_chosen_by_its_index(tmp_path: Path) -> None:
    film = write_film_with_sounds(tmp_path / "film.mkv", [300, 600])
    assert pitch_of(read_audio(film, RATE, 2)) == pytest.approx(300, abs=2)
    assert pitch_of(read_audio(film, RATE, 2, stream=2)) == pytest.approx(600, abs=2)
    with pytest.raises(InputError, match="no sound stream 0") as caught:
        read_audio(film, RATE, 2, stream=0)
    assert "1, 2" in str(caught.value)


def test_a_picture_beside_the_sound_does_not_matter(tmp_path: Path) -> None:
    read = read_audio(write_film_with_sounds(tmp_path / "cover.mkv", [500], cover=True), RATE, 2)
    assert read.shape == (RATE, 2)


def test_a_file_that_breaks_off_gives_what_there_is(tmp_path: Path) -> None:
    written = np.random.default_rng(0).integers(-32768, 32768, (RATE, 2))
    whole = write_wav(tmp_path / "whole.wav", written).read_bytes()
    (tmp_path / "part.wav").write_bytes(whole[: len(whole) // 2])
    read = read_audio(tmp_path / "part.wav", RATE, 2)
    assert abs(len(read) - RATE // 2) < 100
    assert np.array_equal(read, written[: len(read)] / 32768)


def test_bad_files_are_input_errors(tmp_path: Path) -> None:
    empty, text, silent = tmp_path / "empty.wav", tmp_path / "text.mp3", tmp_path / "video.mkv"
    empty.touch()
    text.write_text("This is no music.\n" * 40)
    write_film_with_sounds(silent, [])
    nothing = write_wav(tmp_path / "nothing.wav", np.zeros((0, 2)))
    for path in (tmp_path / "missing.wav", tmp_path, empty, text, silent, nothing):
        with pytest.raises(InputError, match=path.name):
            read_audio(path, RATE, 2)
    with pytest.raises(InputError, match="no sound"):
        read_audio(silent, RATE, 2)


def test_a_name_is_no_protocol_and_no_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("-dash.wav", "colon:name.wav", "what?&.wav", "%03d.wav"):
        write_wav(tmp_path / name, tone(0.1, RATE))
        assert len(read_audio(Path(name), RATE, 2)) == 4_800


@pytest.mark.parametrize(
    ("layout", "levels"),
    [
        ("mono", [(-3, -3)]),
        ("stereo", [(0, None), (None, 0)]),
        ("5.1", [(0, None), (None, 0), (-3, -3), (None, None), (-3, None), (None, -3)]),
        ("5.1(side)", [(0, None), (None, 0), (-3, -3), (None, None), (-3, None), (None, -3)]),
        ("7.1", [(0, None), (None, 0), (-3, -3), (None, None), *[(-3, None), (None, -3)] * 2]),
    ],
)
def test_films_of_other_layouts_are_mixed_down_as_itu_r_bs_775_says(tmp_path, layout, levels):
    """The centre, where people speak, goes to both sides at -3 dB; surrounds to theirs; the bass effects nowhere."""
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE // 4) / RATE)
    for channel, expected in enumerate(levels):
        path = tmp_path / f"{channel}.mka"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("pcm_f32le", rate=RATE, layout=layout)
            samples = np.zeros((len(levels), len(tone)), np.float32)
            samples[channel] = tone
            frame = av.AudioFrame.from_ndarray(samples.T.reshape(1, -1).copy(), format="flt", layout=layout)
            frame.sample_rate = RATE
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        heard = read_audio(path, RATE, 2)
        for side, decibels in enumerate(expected):
            gain = 0 if decibels is None else 10 ** (decibels / 20)
            np.testing.assert_allclose(heard[:, side], gain * tone, atol=2e-3)
