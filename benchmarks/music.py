"""Cutting 150 s of music against the recipe of the authors: librosa's tempogram and ruptures' KernelCPD, both warm."""

from __future__ import annotations

import statistics
from pathlib import Path

import ffmpeg
import librosa
import ruptures
from pairs import measure
from rows import Material, Row, alone

from trailergen.media.ffmpeg import file_url, run
from trailergen.music.analysis import analyse_music
from trailergen.runtime.progress import no_tick

SECONDS, HOP, RATE = 150, 256, 22_050


def rows(material: Material) -> list[Row]:
    tracks = {seconds: material.folder / f"{seconds}.wav" for seconds in (20, SECONDS)}
    for seconds, path in tracks.items():
        looped = ffmpeg.input(file_url(material.music), stream_loop=-1)
        run(ffmpeg.output(looped.audio, file_url(path), t=seconds))
    for way in (recipe, ours):
        way(tracks[20])  # compiles and loads what is made once per process
    peer, _ = measure(lambda: recipe(tracks[SECONDS]))
    wall = statistics.median(measure(lambda: ours(tracks[SECONDS]))[0] for _ in range(material.runs))
    return [Row("music, 150 s: the authors' recipe", f"{wall:.2f} s against {peer:.1f} s", peer / wall, 15, more=True)]


def recipe(track: Path) -> list[int]:
    samples, _ = librosa.load(track, sr=RATE)
    envelope = librosa.onset.onset_strength(y=samples, sr=RATE, hop_length=HOP)
    tempogram = librosa.feature.tempogram(onset_envelope=envelope, sr=RATE, hop_length=HOP)
    changes = ruptures.KernelCPD(kernel="linear").fit(tempogram.T)
    found: list[int] = changes.predict(n_bkps=int(len(samples) / RATE / 2) - 1)
    return found


def ours(track: Path) -> object:
    return analyse_music(track, length=None, cut_length=2.0, segmentation="onsets", tick=no_tick)


if __name__ == "__main__":
    alone(rows, __doc__)
