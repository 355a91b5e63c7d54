"""The score of the second film: a music box, a march, a hush, a chase, and the music box again; 72 seconds."""

from __future__ import annotations

import numpy as np

from studio.score import brass, drum, piano, pitch, rattle, riser, spiccato, strings
from studio.synth import RATE, Samples, clock, echoing, limited, partials, place, shaped

SECONDS = 72.0
# 4 bars of three at 90, 8 bars of four at 120, a held breath, 18 bars of four at 150, 4 bars of three at 90.
SECTIONS = (
    {"name": "intro", "start": 0.0, "end": 16.0, "bpm": 90},
    {"name": "build", "start": 16.0, "end": 32.0, "bpm": 120},
    {"name": "drop", "start": 32.0, "end": 35.2, "bpm": 75},
    {"name": "climax", "start": 35.2, "end": 60.8, "bpm": 150},
    {"name": "outro", "start": 60.8, "end": 72.0, "bpm": 90},
)
CHORDS = {
    "G": (43, 55, 59, 62, 67),
    "Em": (40, 52, 59, 64, 67),
    "C": (48, 55, 60, 64, 67),
    "D": (38, 57, 62, 66, 69),
    "Bm": (47, 54, 59, 62, 66),
    "Am": (45, 57, 60, 64, 69),
    "B": (47, 54, 59, 63, 66),
}


def tune(text: str) -> tuple[tuple[float, int], ...]:
    """Notes written as ``beat:note``, notes as MIDI numbers."""
    notes = (one.split(":") for one in text.split())
    return tuple((float(beat), int(note)) for beat, note in notes)


WALTZ = tune("0:74 1:79 2:78 3:76 5:74 6:72 7:76 8:74 9:71 11:69 12:67 13:71 14:74 15:79 17:78 18:76 19:74 20:69 21:67")
GALLOP = tune(
    "0:76 0.5:76 1:79 1.5:76 2:83 3:81 4:79 4.5:79 5:76 6:78 7:75 8:76 8.5:76 9:79 9.5:81 10:83 11:86 "
    "12:84 13:81 14:78 15:75"
)


def box(note: int, loud: float = 1.0) -> Samples:
    """A tine of a music box."""
    tone = partials(pitch(note + 12), 2.4, [1, 0.25, 0.5, 0.1], [2.6, 5, 9, 14], 0.01)
    return shaped(tone * 0.2 * loud, 0.001, 0.4)


def horn(note: int, seconds: float) -> Samples:
    """A tuba's short note."""
    return shaped(partials(pitch(note), seconds, [1, 0.8, 0.55, 0.35, 0.2], [1.5] * 5), 0.02, 0.1) * 0.22


def _waltz(track: Samples, start: float, bars: tuple[str, ...], loud: float) -> None:
    beat = 60 / 90
    for bar, chord in enumerate(bars):
        notes, here = CHORDS[chord], start + bar * 3 * beat
        place(track, box(notes[1] - 12, 0.8), here, loud, -0.3)
        for k in (1, 2):
            for note in notes[2:4]:
                place(track, box(note - 12, 0.5), here + k * beat, loud, 0.3)
        place(track, strings(notes[2], 3 * beat, 0.8, 5), here, 0.22 * loud)
    for when, note in WALTZ:
        if when < 3 * len(bars):
            place(track, box(note), start + when * beat, loud, 0.1)


def _march(track: Samples) -> None:
    start, beat = 16.0, 0.5
    for bar, chord in enumerate(("Em", "Em", "C", "C", "Am", "Am", "B", "B")):
        notes, here, grow = CHORDS[chord], start + bar * 2.0, 0.45 + 0.08 * bar
        for step in range(4):
            place(track, horn(notes[0] if step % 2 == 0 else notes[1] - 12, 0.3), here + step * beat, grow)
            place(track, drum(52 + 8 * (step % 2), 0.6, 0.3), here + step * beat, 0.5 * grow)
        for step in range(8):
            place(track, spiccato(notes[(1, 3, 2, 3, 4, 3, 2, 3)[step]]), here + step * beat / 2, 0.9 * grow)
            if bar >= 2:
                place(track, rattle(0.08, 4000, 12000, step), here + step * beat / 2, 0.3 * grow, 0.3)
        if bar >= 4:
            place(track, strings(notes[3] + 12, 2.0, 0.4, 9), here, 0.6 * grow)
        if bar % 2 == 0:
            for when, note in ((0, 64), (1, 67), (1.5, 66), (2, 64), (3, 59), (4, 60), (5, 64), (6, 63), (7, 59)):
                place(track, brass(note, 0.4), here + when * beat, 0.28 * grow, -0.2)
    place(track, riser(2.6), 29.4, 0.9)


def _drop(track: Samples) -> None:
    place(track, drum(36, 2.4, 1.0), 32.0, 1.3)
    place(track, strings(59, 3.0, 0.5, 4), 32.1, 0.16)
    for k, note in enumerate((83, 79, 76)):
        place(track, box(note, 0.7), 33.0 + 0.7 * k, 0.9)
    place(track, rattle(0.9, 800, 9000, 5)[::-1], 34.3, 0.5)


def _chase(track: Samples) -> None:
    start, beat = 35.2, 0.4
    order = ("Em", "C", "G", "D", "Em", "C", "Am", "B") * 2
    for bar, chord in enumerate(order):
        notes, here = CHORDS[chord], start + bar * 1.6
        for k, note in enumerate(notes[1:4]):
            place(track, brass(note, 1.3), here, 0.42, -0.4 + 0.4 * k)
        place(track, strings(notes[3] + 12, 1.6, 0.05, 12), here, 0.45)
        for step in range(4):
            place(track, horn(notes[0], 0.25), here + step * beat, 0.8)
            place(track, horn(notes[1] - 12, 0.18), here + (step + 0.5) * beat, 0.6)
            place(track, drum(46 if step % 2 == 0 else 60, 0.7, 0.9), here + step * beat, 0.85 if step == 0 else 0.6)
            place(track, rattle(0.2, 1200, 8000, 31), here + (step + 0.5) * beat, 0.42)
        for step in range(16):
            place(track, spiccato(notes[(1, 3, 2, 4)[step % 4]] + 12), here + step * beat / 4, 0.36)
            place(track, rattle(0.06, 6000, 14000, step), here + step * beat / 4, 0.16, -0.2)
        if bar % 4 == 0:
            place(track, rattle(2.2, 3500, 14000, 71 + bar), here, 0.6)
    for half in range(4):
        for when, note in GALLOP:
            at = start + (16 * half + when) * beat
            place(track, brass(note - 12, 0.36), at, 0.5, 0.1)
            place(track, strings(note, 0.4, 0.02, 14), at, 0.36)
    place(track, riser(1.6), 59.2, 0.6)


def score() -> Samples:
    """The whole score, (samples, 2), peaks below -1 dBFS, silent in its last half second."""
    track = np.zeros((round(SECONDS * RATE), 2))
    _waltz(track, 0.0, ("G", "Em", "C", "D", "G", "Bm", "Am", "D"), 0.7)
    _march(track)
    _drop(track)
    _chase(track)
    hit = 60.8
    place(track, drum(38, 2.2, 1.0), hit, 1.3)
    place(track, rattle(2.0, 2500, 12000, 90), hit, 0.5)
    for note in (31, 43, 55, 59, 62, 67):
        place(track, brass(note, 0.6), hit, 0.4)
        place(track, piano(note, 3.0, 1.0), hit, 0.5)
    _waltz(track, 63.0, ("G", "C", "D", "G"), 0.6)
    track = limited(echoing(track, 1.6, 0.3, 3), 0.72)
    t = clock(SECONDS)
    fade = np.clip((SECONDS - 0.5 - t) / 1.2, 0, 1)
    return np.asarray(track * np.minimum(fade, 1)[:, None])
