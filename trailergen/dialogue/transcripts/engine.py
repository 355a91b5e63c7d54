"""faster-whisper: Whisper run by CTranslate2, in int8 on processors, without torch and without a network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from trailergen.dialogue.transcripts.cleaning import Heard
from trailergen.dialogue.transcripts.words import Word, seconds
from trailergen.errors import WeightsError

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

RATE = 16_000
"""Samples a second that Whisper hears."""
_BEAM = 5
_RUNGS = {
    "cuda": (("cuda", "float16"), ("cuda", "int8_float16"), ("cpu", "int8")),
    "cpu": (("cpu", "int8"),),
}
"""Processor and form of the numbers, each needing less memory of the card than the one before."""
_NO_MEMORY = re.compile(r"out of memory|bad_alloc|failed to allocate|cannot allocate|alloc\w* failed", re.IGNORECASE)

Samples = NDArray[np.float32]
R = TypeVar("R")


class Recogniser:
    """A loaded model that writes down what is said in up to 30 s of sound.

    Decoding is by beam search at temperature 0 alone: what it is not sure of is left out (see cleaning.py), and the
    same sound has always the same words. Where memory runs out it goes on with less: by smaller numbers, on the
    processor, by greedy search; ``note`` is told.

    Args:
        folder: of the model.
        device: of torch.
        note: is told of what could not be done as asked.

    Raises:
        WeightsError: the model cannot be loaded, not even on the processor.
    """

    def __init__(self, folder: Path, device: str, note: Callable[[str], None]) -> None:
        self._folder, self._note = folder, note
        self._rungs = list(_RUNGS[device])
        self._beam = _BEAM
        self._model = self._load()

    def language(self, sound: Samples) -> dict[str, float]:
        """The probability of each language in a stretch of sound (n,) at 16 kHz. Raises WeightsError."""
        if not self._model.model.is_multilingual:
            return {"en": 1.0}
        _, _, found = self._enough_memory(lambda: self._model.detect_language(sound))
        return {name: float(probability) for name, probability in found}

    def hear(self, sound: Samples, language: str) -> list[Heard]:
        """The segments said in a stretch of sound (n,) at 16 kHz, full scale 1, timed from its beginning.

        Raises:
            WeightsError: memory runs out on every rung, or the model fails.
        """
        return self._enough_memory(lambda: list(self._segments(sound, language)))

    def _segments(self, sound: Samples, language: str) -> Iterator[Heard]:
        found, _ = self._model.transcribe(
            sound,
            language=language,
            beam_size=self._beam,
            temperature=0.0,
            # Otherwise one mistake is repeated to the film's end.
            condition_on_previous_text=False,
            word_timestamps=True,
            hallucination_silence_threshold=2.0,
        )
        end = Fraction(len(sound), RATE)
        for segment in found:
            words = tuple(
                Word(
                    min(seconds(word.start), end),
                    min(seconds(word.end), end),
                    word.word,
                    round(float(word.probability), 4),
                )
                for word in segment.words or ()
            )
            figures = segment.no_speech_prob, segment.avg_logprob, segment.compression_ratio
            yield Heard(words, *map(float, figures))

    def _load(self) -> WhisperModel:
        from faster_whisper import WhisperModel
        from torch import get_num_threads

        while True:
            device, kind = self._rungs[0]
            try:
                return WhisperModel(
                    str(self._folder), device=device, compute_type=kind, cpu_threads=get_num_threads(), num_workers=1
                )
            except Exception as error:  # of ctranslate2 and of tokenizers, for damaged files and for missing libraries
                self._step_down(error)

    def _enough_memory(self, work: Callable[[], R]) -> R:
        while True:
            try:
                return work()
            except (RuntimeError, MemoryError, ValueError) as error:
                if self._beam > 1 and _is_memory(error) and len(self._rungs) == 1:
                    self._beam = 1
                    self._note("memory is short: speech is recognised by greedy search")
                    continue
                self._step_down(error)
                self._model = self._load()

    def _step_down(self, error: BaseException) -> None:
        """Go on to the next rung. Raises WeightsError from ``error`` where there is none."""
        why = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
        if len(self._rungs) == 1:
            if _is_memory(error):
                raise WeightsError(
                    f"there is not enough memory for the model {self._folder.name}",
                    why,
                    "use whisper-base, a smaller one",
                ) from error
            raise WeightsError(
                f"the model in {self._folder} cannot be used", why, "`trailergen weights verify` says if it is damaged"
            ) from error
        self._rungs.pop(0)
        device, kind = self._rungs[0]
        self._note(f"speech is recognised on {device} in {kind}: {why}")


def _is_memory(error: Any) -> bool:
    return isinstance(error, MemoryError) or bool(_NO_MEMORY.search(str(error)))
