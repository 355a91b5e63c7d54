"""The words of a real film as vectors: what is said in each shot, and a caption of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from trailergen.dialogue.captioners.dialogue import Caption, said_around
from trailergen.dialogue.similarity import EncodeText
from trailergen.dialogue.subtitles.cues import Cue
from trailergen.dialogue.subtitles.sources import FilmAndSound, find_cues
from trailergen.edit.draft import Draft
from trailergen.edit.model import Sources
from trailergen.evaluation.films import Film
from trailergen.plans import span
from trailergen.session import Session

_BATCH = 64


def with_words(session: Session, film: Film, draft: Draft, sources: Sources, encode: EncodeText) -> Film:
    """The film with its subtitles and captions, as far as there are any.

    Captions are sentences of MiniCPM-V where ``--captioner minicpm`` asks for it, else the words spoken around each
    shot. A shot's vector is the mean of its texts' by their weights, brought to unit length.

    Args:
        session: cache, display, processor.
        film: of the draft, with facts.
        draft: the shots.
        sources: where words are.
        encode: a text tower.

    Raises:
        InputError, UsageError, WeightsError: subtitles cannot be read, or the captioner cannot be had.
    """
    if film.facts is None:
        return film
    found = find_cues(session, FilmAndSound(draft.film, sources.sound), sources.film.info, sources.lines)
    cues = [] if found is None else found[1]
    shots = [(shot.start, shot.end) for shot in draft.analysis.shots]
    subtitles = _vectors(_said_in(cues, shots), encode) if cues else None
    if sources.lines.captioner == "minicpm":
        from trailergen.dialogue.captioners.minicpm import caption_ranges

        ranges = [span(shot.frame_in, shot.frame_out) for shot in draft.analysis.shots]
        captions: Tensor | None = _vectors(caption_ranges(session, draft.film, ranges, sources.film.info), encode)
    else:
        captions = _vectors(said_around(cues, shots), encode) if cues else None
    return replace(film, facts=replace(film.facts, captions=captions, subtitles=subtitles))


def _said_in(cues: Sequence[Cue], shots: Sequence[tuple[Fraction, Fraction]]) -> list[Caption]:
    """The cues heard in each shot, each with the share of it that is."""
    return [
        tuple(
            (cue.text, float((min(cue.end, end) - max(cue.start, start)) / (cue.end - cue.start)))
            for cue in cues
            if not cue.sung and cue.start < end and start < cue.end
        )
        for start, end in shots
    ]


def _vectors(texts: Sequence[Caption], encode: EncodeText) -> Tensor:
    """(I, E) unit vectors of weighted texts, rows of zeros where there is none."""
    every = sorted({text for caption in texts for text, _ in caption}) or [""]
    rows = np.concatenate([encode(every[at : at + _BATCH]) for at in range(0, len(every), _BATCH)])
    number = {text: row for row, text in enumerate(every)}
    found = np.zeros((len(texts), rows.shape[1]), np.float32)
    for shot, caption in enumerate(texts):
        for text, weight in caption:
            found[shot] += weight * rows[number[text]]
    return F.normalize(torch.from_numpy(found), dim=1)
