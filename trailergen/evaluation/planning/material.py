"""What is known of a real film and its music, as methods are given it."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from trailergen.edit.draft import Draft
from trailergen.evaluation.films import Film
from trailergen.runtime.cache import Entry
from trailergen.session import Session
from trailergen.ssmp.positions import position_channels
from trailergen.ssmp.spaces import SPACES
from trailergen.training.films import FilmFacts, Music

VERSION = 1


def film_of(draft: Draft, space: str | None, music: Music | None) -> Film:
    """The film of a draft, all shots of it, without words.

    Args:
        draft: the positions.
        space: of tokens if it is one of ``SPACES``; else the features are given as they are.
        music: of the draft's positions.
    """
    tokens = SPACES.get(space or "")
    features = draft.features if tokens is None else tokens.film_tokens(draft.features, draft.facts)
    channels = torch.from_numpy(position_channels(draft.positions))
    return Film(torch.from_numpy(features), draft.count, FilmFacts.of(draft.facts), music, channels)


def chosen_from(film: Film, shots: NDArray[np.int64]) -> Film:
    """The film as if it had these of its shots only, (n,) increasing."""
    rows = torch.from_numpy(shots)
    facts = film.facts
    if facts is not None:
        known: dict[str, Any] = {part.name: getattr(facts, part.name) for part in fields(facts)}
        facts = replace(facts, **{name: values[rows] for name, values in known.items() if values is not None})
    return replace(film, features=film.features[rows], facts=facts)


def plain_music(draft: Draft) -> Music:
    """The music of a draft's positions by lengths and levels alone, as that of simulated films is given."""
    energy = _standard(draft.music_energy)
    return Music(
        *(torch.from_numpy(np.asarray(rows, np.float32)) for rows in (draft.lengths_s, energy, energy[:, None]))
    )


def music_of(session: Session, draft: Draft, track: Path) -> Music:
    """The music of a draft's positions, as it is heard.

    Args:
        session: its cache keeps what was heard.
        draft: the positions.
        track: the file.

    Raises:
        InputError: the track cannot be read.
    """
    wanted = {"music": session.cache.fingerprint(track), "boundaries": list(draft.boundaries)}

    def make() -> Entry:
        return Entry({}, _heard(track, draft))

    heard = session.cache.result(session.cache.key("segments", VERSION, wanted), make).arrays
    mel, chroma = (torch.from_numpy(np.asarray(heard[name], np.float32)) for name in ("mel", "chroma"))
    return replace(plain_music(draft), features=mel, chroma=chroma)


def _heard(track: Path, draft: Draft) -> dict[str, NDArray[np.float32]]:
    """Mean and deviation of each Mel band (J, 80), and the pitch classes (J, 12), of the positions."""
    from trailergen.media.audio import read_audio
    from trailergen.music.chroma import segment_chroma
    from trailergen.music.onsets import analyse

    rate = draft.music.sample_rate
    samples = read_audio(track, rate, 2)
    found, edges = analyse(samples, rate), np.array(draft.boundaries)
    rows = []
    for start, end in zip(edges[:-1] // found.pooled_hop, edges[1:] // found.pooled_hop, strict=True):
        part = found.log_mel[min(start, len(found.log_mel) - 1) : max(end, start + 1)]
        rows.append(np.concatenate((part.mean(axis=0), part.std(axis=0))))
    return {"mel": np.stack(rows).astype(np.float32), "chroma": segment_chroma(samples, rate, edges)}


def _standard(levels: NDArray[np.floating]) -> NDArray[np.float64]:
    """Levels with mean 0 and standard deviation 1; what is not known is 0."""
    known = np.isfinite(levels)
    if not known.any():
        return np.zeros(len(levels))
    centred = np.where(known, levels, levels[known].mean()) - levels[known].mean()
    result: NDArray[np.float64] = centred / max(float(centred.std()), 1e-6)
    return result
