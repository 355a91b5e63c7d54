"""The sounds of a plan for a browser to mix: the music, the lines and each clip, as the mix of a trailer makes them."""

from __future__ import annotations

import io
import threading
from functools import lru_cache
from pathlib import Path

import numpy as np

from trailergen.audio.mix import mix_facts, mix_gain
from trailergen.audio.stems.film import FilmFacts, film_sound
from trailergen.audio.stems.lines import LinesFacts, lines_sound
from trailergen.audio.stems.music import MusicFacts, music_sound
from trailergen.audio.stems.stem import Sound, Sources
from trailergen.media.probe import FilmInfo
from trailergen.plans import SAMPLE_RATE, Plan
from trailergen.rendering.soundtrack import SOUND_VERSION
from trailergen.runtime.cache import Entry, StageCache


class Sounds:
    """Sounds of the plans of one film, as WAV files of 16 bits at 48 kHz.

    One clip at a time is read, the gain beside it.

    Args:
        film: as probed, where it is now.
        cache: in which the loudness of what was heard stays.
    """

    def __init__(self, film: FilmInfo, cache: StageCache) -> None:
        self._film, self._cache = film, cache
        self._reading = threading.Lock()
        self._of_music = lru_cache(4)(self._music)
        self._of_lines = lru_cache(4)(self._lines)
        self._gains: dict[str, float] = {}

    def music(self, plan: Plan) -> bytes:
        """The part of the music under the trailer. Raises InputError."""
        return self._of_music(MusicFacts.of(plan), plan.music.path)

    def lines(self, plan: Plan) -> bytes | None:
        """All that is said, where it is said; None where there is nothing. Raises InputError."""
        facts = LinesFacts.of(plan)
        return None if facts is None else self._of_lines(facts)

    def clip(self, plan: Plan, start: int, end: int) -> bytes:
        """Film frames ``[start, end)`` as a clip sounds, at the film's own level. Raises InputError."""
        rate = plan.film.rate
        samples = round((end - start) / rate * SAMPLE_RATE)
        facts = FilmFacts(plan.film.sha256, plan.sound.track, 0.0, rate, ((start, end, 0, end - start),), samples)
        with self._reading:
            return _wav(film_sound(facts, self._sources(plan.music.path)))

    def gain(self, plan: Plan, music: Path) -> float:
        """The factor by which a trailer's sound is brought to its loudness; with a limiter the one it begins from.

        ``music`` is the plan's, where it is now.

        Raises:
            InputError: the film or the music cannot be read.
            OutputError: the cache cannot be written.
        """
        key = self._cache.key("gain", SOUND_VERSION, {"mix": mix_facts(plan)})

        def measure() -> Entry:
            # Beside the clips that are waited for: these are heard now, the gain is heard of.
            return Entry({"gain": mix_gain(plan, music, self._film)}, {})

        if key not in self._gains:
            self._gains[key] = float(self._cache.result(key, measure).facts["gain"])
        return self._gains[key]

    def _music(self, facts: MusicFacts, path: str) -> bytes:
        return _wav(music_sound(facts, self._sources(path)))

    def _lines(self, facts: LinesFacts) -> bytes:
        with self._reading:
            return _wav(lines_sound(facts, self._sources("")))

    def _sources(self, music: str) -> Sources:
        return Sources(Path(music), self._film)


def _wav(sound: Sound) -> bytes:
    from scipy.io import wavfile

    whole = io.BytesIO()
    wavfile.write(whole, SAMPLE_RATE, np.asarray(np.clip(np.rint(sound * 32767), -32768, 32767), np.int16))
    return whole.getvalue()
