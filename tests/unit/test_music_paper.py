"""The authors' segmentation, and the quantities it is made of."""

from __future__ import annotations

import numpy as np
import pytest
import ruptures
from sounds import RATE, clicks, noise, silence, tone, track

from trailergen.music import paper
from trailergen.music.spectrum import mel_filters, mel_power, tempogram


def test_mel_bands_are_triangles_of_equal_area() -> None:
    filters = mel_filters(22_050, 1 << 16, 40, 11_025.0)
    assert np.allclose(filters.sum(axis=0) * 22_050 / (1 << 16), 1, atol=1e-3)
    peaks = filters.argmax(axis=0) * 22_050 / (1 << 16)
    # Slaney's scale: 15 mels to 1 kHz, 27 more to 6.4 kHz, so that 40 bands up to 49.9 mels are 1.218 apart.
    assert np.allclose(np.diff(peaks[:11]), 1.2179 * 200 / 3, atol=1)
    assert np.allclose(peaks[14:] / peaks[13:-1], 6.4 ** (1.2179 / 27), atol=1e-3)


def test_mel_power_agrees_with_one_window_at_a_time() -> None:
    samples = track(noise(0.3), clicks(0.5, 240))
    stereo = np.hstack([samples, samples[::-1]])
    found = mel_power(stereo, RATE, window=512, hop=100, bands=20, top=8_000)
    assert found.shape == (len(samples) // 100 + 1, 20)
    padded, taper = np.pad(stereo, ((256, 256), (0, 0))), 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(512) / 512)
    for frame in (0, 1, 150, len(found) - 1):
        windows = padded[frame * 100 : frame * 100 + 512] * taper[:, None]
        power = (np.abs(np.fft.rfft(windows, axis=0)) ** 2).mean(axis=1)
        assert np.allclose(found[frame], power @ mel_filters(RATE, 512, 20, 8_000), rtol=1e-3, atol=1e-5)


def test_tempogram_agrees_with_its_definition() -> None:
    envelope = np.random.default_rng(0).random(50)
    found = tempogram(envelope, 16)
    assert found.shape == (50, 16)
    taper = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(16) / 16)
    piece = envelope[20 - 8 : 20 + 8] * taper
    lags = np.array([(piece[lag:] * piece[: 16 - lag]).sum() for lag in range(16)])
    assert np.allclose(found[20], lags / lags.max())


def test_tempogram_of_nothing_is_zero() -> None:
    assert np.array_equal(tempogram(np.zeros(30), 8), np.zeros((30, 8)))


def test_tempogram_peaks_at_the_beat() -> None:
    envelope = np.zeros(800)
    envelope[::40] = 1
    lags = tempogram(envelope, 200)[400]
    assert int(lags[20:].argmax()) + 20 == 40


def test_onset_strength_is_the_mean_rise_in_decibels() -> None:
    step = 100 * paper.HOP
    pulses = np.tile(np.eye(1, paper.HOP, dtype=np.float32)[0], 200)
    pulses[step:] *= 10
    strength = paper.onset_strength(pulses)
    assert len(strength) == 201
    # A pulse a hop has the same spectrum in every window, so that all that rises is the level, once, by 20 dB (a
    # little more, for windows of unequal pulses waver); it is reported half a window late, 4 frames.
    assert strength[96:114].sum() == pytest.approx(20, abs=2.5)
    assert 100 <= int(strength[20:].argmax()) + 20 <= 104
    assert strength[20:90].max() < 0.01
    assert np.array_equal(strength[:5], np.zeros(5))


def test_boundaries_are_those_of_ruptures_on_the_tempogram() -> None:
    samples = track(clicks(9, 90), clicks(9, 170), noise(6, 0.05))
    found = paper.paper_boundaries(samples, RATE)
    assert (found[0], found[-1], len(found) - 1) == (0, len(samples), 12)
    assert np.all(np.diff(found) > 0)

    from scipy.signal import resample_poly

    features = tempogram(paper.onset_strength(resample_poly(samples[:, 0], 147, 320)), 384)
    changes = ruptures.KernelCPD(kernel="linear").fit(features).predict(11)[:-1]
    assert found[1:-1] == [round(frame * 256 * 48_000 / 22_050) for frame in changes]


@pytest.mark.parametrize("music", [track(clicks(3.9, 120)), track(tone(2))])
def test_less_than_four_seconds_are_one_segment(music: np.ndarray) -> None:
    assert paper.paper_boundaries(music, RATE) == [0, len(music)]


def test_music_without_onsets_is_cut_all_the_same() -> None:
    assert len(paper.paper_boundaries(track(silence(4), tone(6)), RATE)) - 1 == 5
    assert len(paper.paper_boundaries(track(silence(10)), RATE)) - 1 == 5
