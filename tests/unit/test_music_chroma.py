"""Chroma hears pitch classes, in whatever octave."""

import numpy as np

from trailergen.music.chroma import segment_chroma

RATE = 8_000
A, C, E = 9, 0, 4


def tones(*hertz: float, seconds: float = 1.0) -> np.ndarray:
    times = np.arange(int(seconds * RATE)) / RATE
    sound = sum((np.sin(2 * np.pi * f * times) for f in hertz), np.zeros(len(times)))
    return np.stack((sound, sound), axis=1).astype(np.float32)


def test_each_segment_has_the_classes_of_its_tones() -> None:
    sound = np.concatenate((tones(440.0), tones(880.0), tones(261.63, 329.63), np.zeros((RATE, 2), np.float32)))
    found = segment_chroma(sound, RATE, np.array([0, RATE, 2 * RATE, 3 * RATE, 4 * RATE]))
    assert found.shape == (4, 12)
    assert found[0].argmax() == found[1].argmax() == A
    assert found[0, A] > 0.9
    assert set(np.argsort(found[2])[-2:]) == {C, E}
    assert found[0] @ found[1] > 0.9 > 0.5 > found[0] @ found[2]
    assert not found[3].any()


def test_a_segment_shorter_than_a_window_is_heard_too() -> None:
    found = segment_chroma(tones(440.0, seconds=0.1), RATE, np.array([0, 400, 800]))
    assert found.argmax(axis=1).tolist() == [A, A]
