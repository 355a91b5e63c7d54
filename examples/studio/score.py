"""The score: forty seconds in four sections, 72, 96, 144 and 72 beats a minute."""

from __future__ import annotations

import numpy as np

from studio.synth import RATE, Samples, band, clock, echoing, glide, hiss, limited, partials, place, shaped

SECONDS = 40.0
SECTIONS = (
    {"name": "intro", "start": 0.0, "end": 10.0, "bpm": 72},
    {"name": "build", "start": 10.0, "end": 20.0, "bpm": 96},
    {"name": "climax", "start": 20.0, "end": 33.333, "bpm": 144},
    {"name": "outro", "start": 33.333, "end": 40.0, "bpm": 72},
)
CHORDS = {
    "Dm": (50, 57, 62, 65, 69),
    "Bb": (46, 58, 62, 65, 70),
    "F": (53, 57, 60, 65, 69),
    "C": (48, 55, 60, 64, 67),
    "Gm": (43, 55, 58, 62, 67),
    "A": (45, 57, 61, 64, 69),
}
THEME = (
    (0, 69),
    (1.5, 74),
    (2, 72),
    (3, 69),
    (4, 65),
    (5.5, 70),
    (6, 69),
    (7, 65),
    (8, 69),
    (9.5, 76),
    (10, 74),
    (11, 72),
)


def pitch(note: int) -> float:
    """Frequency of a MIDI note, Hz."""
    return float(440.0 * 2 ** ((note - 69) / 12))


def piano(note: int, seconds: float = 3.0, loud: float = 1.0) -> Samples:
    """A struck string: stretched partials that die the faster the higher they are, and a hammer."""
    levels = [loud ** (0.4 * k) / k**1.25 for k in range(1, 13)]
    tone = partials(pitch(note), seconds, levels, [0.7 + 0.42 * k for k in range(1, 13)], 0.0004)
    tone += partials(pitch(note) * 1.0015, seconds, levels, [0.9 + 0.5 * k for k in range(1, 13)], 0.0004)
    hammer = hiss(0.03, band(300, 3000), note, 1)[:, 0] * np.exp(-clock(0.03) * 160)
    tone[: len(hammer)] += hammer * 0.8
    return shaped(tone * 0.3 * loud, 0.002, 0.3)


def strings(note: int, seconds: float, attack: float, bright: int = 10) -> Samples:
    """A section of detuned players, (samples, 2)."""
    sides = []
    for side in (-1, 1):
        players = np.zeros(round(seconds * RATE))
        for detune in (-0.0032, 0.0008 * side, 0.0036):
            levels = [1 / k**1.1 for k in range(1, bright + 1)]
            players += partials(
                pitch(note) * (1 + detune * side), seconds, levels, [0.05 * k for k in range(1, bright + 1)]
            )
        sides.append(players)
    return shaped(np.stack(sides, 1) * 0.09, attack, min(0.4, seconds / 2))


def spiccato(note: int) -> Samples:
    """A short bowed note."""
    tone = strings(note, 0.34, 0.006, 14)
    return np.asarray(tone * np.exp(-clock(0.34) * 9)[:, None] * 1.6)


def brass(note: int, seconds: float) -> Samples:
    """A horn: the louder, the brighter."""
    t = clock(seconds)
    swell = np.minimum(t / 0.07, 1) * (0.75 + 0.25 * np.exp(-t * 3))
    tone = sum(
        np.sin(2 * np.pi * pitch(note) * k * t + 0.02 * np.sin(30 * t)) * swell**k / k**0.8 for k in range(1, 12)
    )
    return shaped(np.asarray(tone) * 0.13, 0.02, min(0.25, seconds / 2))


def drum(deep: float = 46.0, length: float = 0.9, snap: float = 0.5) -> Samples:
    """A big drum: a falling sine and the slap of the skin."""
    t = clock(length)
    body = glide(deep * 3.4, deep, length, 0.22) * np.exp(-t * 4.5 / length)
    return np.asarray(body + snap * hiss(length, band(700, 5000), 4, 1)[:, 0] * np.exp(-t * 60) * 2)


def rattle(length: float, low: float, high: float, seed: int) -> Samples:
    """A burst of noise: snare, shaker or cymbal, by its band."""
    return np.asarray(hiss(length, band(low, high), seed) * np.exp(-clock(length) * 5 / length)[:, None])


def riser(seconds: float) -> Samples:
    """Noise and strings growing towards a downbeat."""
    t = clock(seconds)[:, None] / seconds
    return np.asarray(hiss(seconds, band(1500, 9000), 12) * t**3 * 0.9)


def _intro(track: Samples) -> None:
    beat = 60 / 72
    for bar, chord in enumerate(("Dm", "Bb", "Gm")):
        for k, note in enumerate(CHORDS[chord][:3]):
            place(track, piano(note, 3.4, 0.55), (bar * 4 + k * 0.04) * beat, 0.7, -0.3 + 0.3 * k)
        place(track, strings(CHORDS[chord][1], 4.4 * beat, 1.2, 5), bar * 4 * beat, 0.35)
    for when, note in THEME:
        place(track, piano(note, 3.0, 0.75), when * beat, 0.85, 0.25)
    place(track, riser(2.0), 8.0, 0.5)


def _build(track: Samples) -> None:
    start, beat = 10.0, 60 / 96
    for bar, chord in enumerate(("Dm", "Bb", "F", "A")):
        notes = CHORDS[chord]
        for step in range(8):
            at = start + (bar * 4 + step / 2) * beat
            place(track, spiccato(notes[(0, 2, 1, 2, 3, 2, 1, 2)[step]]), at, 0.55 + 0.1 * bar)
            place(track, spiccato(notes[0] - 12), at, 0.4 + 0.08 * bar)
            if bar >= 1:
                place(track, rattle(0.09, 5000, 12000, step), at, 0.16 + 0.04 * bar, 0.3)
        for k in (0, 2):
            place(track, drum(50, 0.8, 0.3), start + (bar * 4 + k) * beat, 0.55 + 0.1 * bar)
        place(track, strings(notes[2] + 12, 4 * beat, 0.5, 8), start + bar * 4 * beat, 0.22 + 0.1 * bar)
        place(track, piano(notes[4], 2.5, 0.9), start + bar * 4 * beat, 0.6, 0.2)
    for k in range(8):
        place(track, drum(64 + 4 * k, 0.35, 0.8), start + (14 + k / 4) * beat, 0.3 + 0.06 * k)
    place(track, riser(2.5), start + 16 * beat - 2.5, 0.8)


def _climax(track: Samples) -> None:
    start, beat = 20.0, 60 / 144
    place(track, rattle(3.0, 3000, 14000, 70), start, 0.8)
    for bar, chord in enumerate(("Dm", "Bb", "F", "C", "Dm", "Bb", "Gm", "A")):
        notes, here = CHORDS[chord], start + bar * 4 * beat
        for k, note in enumerate(notes[1:4]):
            place(track, brass(note, 3.6 * beat), here, 0.5, -0.4 + 0.4 * k)
        place(track, strings(notes[3] + 12, 4 * beat, 0.06, 12), here, 0.55)
        place(
            track,
            shaped(partials(pitch(notes[0] - 12), 4 * beat, [1, 0.6, 0.3, 0.15], [0.2] * 4), 0.01, 0.1),
            here,
            0.42,
        )
        for step in range(16):
            at = here + step * beat / 4
            place(track, spiccato(notes[(1, 3, 2, 4)[step % 4]] + 12 * (step % 8 == 7)), at, 0.4)
            place(track, rattle(0.07, 6000, 14000, step), at, 0.3 if step % 4 == 2 else 0.14, -0.2)
        for count, deep in ((0, 46), (1.5, 58), (2, 46), (2.5, 58), (3.5, 66)):
            place(track, drum(deep, 0.8, 0.9), here + count * beat, 0.65 if count else 0.95)
        for k in (1, 3):
            place(track, rattle(0.22, 1200, 8000, 31), here + k * beat, 0.7)
        if bar % 4 == 0:
            place(track, rattle(2.4, 3500, 14000, 71 + bar), here, 0.55)
    for when, note in THEME:
        for half in (0, 16):
            place(track, brass(note, 0.75), start + (half + when) * beat, 0.62, 0.1)
            place(track, strings(note + 12, 0.8, 0.03, 14), start + (half + when) * beat, 0.4)
    place(track, riser(1.6), start + 32 * beat - 1.6, 0.7)


def _outro(track: Samples) -> None:
    start, beat = 20 + 32 * 60 / 144, 60 / 72
    for note in CHORDS["Dm"]:
        place(track, strings(note, 3.2, 0.05, 7), start, 0.4)
        place(track, piano(note, 3.2, 0.8), start, 0.5)
    place(track, drum(42, 1.4, 0.5), start, 0.8)
    for when, note in ((1, 69), (2, 65), (3, 64)):
        place(track, piano(note, 2.2, 0.6), start + when * beat, 0.8, 0.2)
    hit = start + 4 * beat
    place(track, drum(38, 2.2, 1.0), hit, 1.4)
    place(track, rattle(1.8, 2500, 12000, 90), hit, 0.6)
    for note in (38, 50, 57, 62, 66):  # D major: the film ends well
        place(track, brass(note, 0.5), hit, 0.55)
        place(track, piano(note, 2.4, 1.0), hit, 0.7)


def score() -> Samples:
    """The whole score, (samples, 2), peaks below -1 dBFS, silent in its last half second."""
    track = np.zeros((round(SECONDS * RATE), 2))
    for section in (_intro, _build, _climax, _outro):
        section(track)
    track = limited(echoing(track, 1.9, 0.32, 3), 0.85)
    t = clock(SECONDS)
    fade = np.clip((SECONDS - 0.5 - t) / 1.2, 0, 1)
    return np.asarray(track * np.minimum(fade, 1)[:, None])
