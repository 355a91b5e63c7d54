"""Mel spectrograms and tempograms, from their definitions, in bounded memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal.windows import hann

_BLOCK = 2048
# Slaney's mel scale (Auditory Toolbox, 1998): 200/3 Hz a step up to 1 kHz, then 27 steps to each factor of 6.4.
_LINEAR_HZ, _KNEE_HZ = 200 / 3, 1000.0
_LOG_STEP = np.log(6.4) / 27


def mel_filters(rate: int, window: int, bands: int, top: float) -> NDArray[np.float32]:
    """Triangles of equal area, evenly spaced on Slaney's mel scale from 0 to ``top`` Hz.

    Returns:
        (window // 2 + 1, bands): weights of the power spectrum's bins.
    """
    knee = _KNEE_HZ / _LINEAR_HZ
    last = top / _LINEAR_HZ if top < _KNEE_HZ else knee + np.log(top / _KNEE_HZ) / _LOG_STEP
    mels = np.linspace(0, last, bands + 2)
    corners = np.where(mels < knee, mels * _LINEAR_HZ, _KNEE_HZ * np.exp((mels - knee) * _LOG_STEP))
    low, peak, high = corners[:-2], corners[1:-1], corners[2:]
    hertz = np.linspace(0, rate / 2, window // 2 + 1)[:, None]
    triangles = np.minimum((hertz - low) / (peak - low), (high - hertz) / (high - peak))
    filters: NDArray[np.float32] = (np.maximum(triangles, 0) * 2 / (high - low)).astype(np.float32)
    return filters


def mel_power(
    samples: NDArray[np.float32], rate: int, *, window: int, hop: int, bands: int, top: float
) -> NDArray[np.float32]:
    """Power in mel bands under a Hann window; frame k is centred on sample ``k * hop``, silence around the track.

    The channels' powers are averaged, not their samples: sounds out of phase do not vanish.

    Args:
        samples: (samples, channels).
        rate: samples per second.
        window: samples, even.
        hop: samples from frame to frame.
        bands: number of mel bands.
        top: upper end of the highest band, Hz.

    Returns:
        (samples // hop + 1, bands) float32.
    """
    count = len(samples) // hop + 1
    filters, taper = mel_filters(rate, window, bands, top), hann(window, sym=False).astype(np.float32)
    power = np.empty((count, bands), np.float32)
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        begin, end = first * hop - window // 2, (last - 1) * hop + window // 2
        inside = samples[max(begin, 0) : end]
        before = max(-begin, 0)
        piece = np.pad(inside.T, ((0, 0), (before, end - begin - before - len(inside))))
        frames = np.lib.stride_tricks.sliding_window_view(piece, window, axis=1)[:, ::hop]
        spectrum = rfft(frames * taper)
        power[first:last] = (spectrum.real**2 + spectrum.imag**2).mean(axis=0) @ filters
    return power


def tempogram(envelope: NDArray[np.floating], window: int) -> NDArray[np.float64]:
    """Local autocorrelation of an onset strength (Grosche, Mueller and Kurth 2010), each frame's maximum 1.

    Args:
        envelope: (frames,).
        window: length of the Hann window in frames, and number of lags.

    Returns:
        (frames, window): frame by lag from 0; zeros where nothing begins.
    """
    # Half a window of ramp on either side, so that the first and last frames see the track's edge as a fade.
    padded = np.pad(envelope.astype(np.float64), window // 2, mode="linear_ramp", end_values=0)
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[: len(envelope)]
    taper, size = hann(window, sym=False), next_fast_len(2 * window - 1, real=True)
    found = np.empty(frames.shape)
    for first in range(0, len(frames), _BLOCK):
        spectrum = rfft(frames[first : first + _BLOCK] * taper, size)
        found[first : first + _BLOCK] = irfft(spectrum.real**2 + spectrum.imag**2, size)[:, :window]
    largest = np.abs(found).max(axis=1, keepdims=True)
    result: NDArray[np.float64] = np.zeros(found.shape)
    np.divide(found, largest, out=result, where=largest > np.finfo(np.float64).tiny)
    return result
