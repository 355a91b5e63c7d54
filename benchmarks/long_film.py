"""A simulated film of two hours and some 2,000 shots: a short film told again and again, analysed from its analysis.

Its file is real, so that it is sought and decoded; detecting its shots would take a quarter of an hour. Each telling's
pictures and embeddings are disturbed, so that no two shots are the same.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import ffmpeg
import numpy as np

from trailergen.media.ffmpeg import file_url, run
from trailergen.runtime.cache import Entry
from trailergen.session import Session
from trailergen.shots import stored
from trailergen.shots.analysis import VERSION, FilmAnalysis
from trailergen.shots.embeddings import FrameEmbeddings
from trailergen.shots.networks import packaged_weights
from trailergen.shots.pictures import KeyPictures
from trailergen.shots.sound import STEP_S, SoundActivity
from trailergen.stages import find_shots

TIMES = 15
_NOISE = 6.0
_LOOKS = 0.35
_SEED = 0


def simulate(session: Session, film: Path, path: Path, times: int = TIMES) -> Path:
    """Write the long film, and put its analysis into the session's cache.

    Args:
        session: whose cache has, or gets, the analysis of the short film.
        film: the short one.
        path: of the long one.
        times: how often it is told.
    """
    if not path.exists():
        inputs = path.with_suffix(".txt")
        inputs.write_text(f"file '{file_url(film.resolve())}'\n" * times, encoding="utf-8")
        whole = ffmpeg.input(str(inputs), format="concat", safe=0, protocol_whitelist="file")
        run(whole.output(file_url(path), c="copy", map="0:v:0"))
    known = find_shots(session, film).analysis
    sha256 = session.cache.fingerprint(path)
    key = session.cache.key("shots", VERSION, {"film": sha256, "weights": packaged_weights()})
    entry = stored.to_entry(told_again(known, times))
    session.cache.store(key, Entry(entry.facts, entry.arrays))
    return path


def told_again(known: FilmAnalysis, times: int) -> FilmAnalysis:
    """The analysis of a film that shows another one so many times."""
    rng = np.random.default_rng(_SEED)
    frames, pictures, count = known.frames, len(known.times), len(known.shots)
    length = Fraction(frames) / known.rate
    shots = tuple(
        replace(
            shot,
            number=shot.number + turn * count,
            first=shot.first + turn * pictures,
            last=shot.last + turn * pictures,
            start=shot.start + turn * length,
            end=shot.end + turn * length,
            frame_in=shot.frame_in + turn * frames,
            frame_out=shot.frame_out + turn * frames,
            fade_trimmed_in=shot.fade_trimmed_in + turn * frames,
            fade_trimmed_out=shot.fade_trimmed_out + turn * frames,
            flags=tuple(flag for flag in shot.flags if flag != "credits" or turn == times - 1),
        )
        for turn in range(times)
        for shot in known.shots
    )
    turns = range(times)
    thumbs, looks = known.pictures, known.embeddings
    noisy = np.concatenate([thumbs.thumbs + rng.normal(0, _NOISE * 4, (1, 27, 48, 3)) for _ in turns])
    scale = _LOOKS * np.abs(looks.vectors).mean()
    return replace(
        known,
        frames=frames * times,
        times=np.concatenate([known.times + round(turn * length / known.time_base) for turn in turns]),
        probabilities=np.tile(known.probabilities, times),
        statistics=np.tile(known.statistics, (times, 1)),
        shots=shots,
        pictures=KeyPictures(
            np.clip(noisy, 0, 255).astype(np.uint8),
            np.concatenate([thumbs.shots + turn * count for turn in turns]),
            np.concatenate([thumbs.at + turn * pictures for turn in turns]),
        ),
        loudness=np.tile(known.loudness, times),
        embeddings=FrameEmbeddings(
            np.concatenate(
                [looks.vectors + rng.normal(0, scale, looks.vectors.shape).astype(np.float32) for _ in turns]
            ),
            np.tile(looks.maps, (times, 1, 1)),
            np.concatenate([looks.shots + turn * count for turn in turns]),
            np.concatenate([looks.at + turn * pictures for turn in turns]),
        ),
        sound=_sound(known.sound, float(length), times),
    )


def _sound(known: SoundActivity, seconds: float, times: int) -> SoundActivity:
    windows = round(seconds / STEP_S)
    level, speech = (np.resize(values, windows) for values in (known.level, known.speech))
    return SoundActivity(np.tile(level, times), np.tile(speech, times))
