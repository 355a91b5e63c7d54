"""The paper's captioner: MiniCPM-V 2.6 says in a sentence what three pictures of a clip show.

Its weights come through transformers, from the hub's cache or the folder that TRAILERGEN_MINICPM names, and its makers'
code comes with them: it is run. It needs a GPU.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from trailergen.dialogue.captioners.dialogue import Caption
from trailergen.errors import UsageError, WeightsError
from trailergen.features.pictures import film_pictures
from trailergen.runtime.cache import Entry
from trailergen.runtime.device import resolve_device
from trailergen.runtime.offline import network_forbidden

if TYPE_CHECKING:
    from trailergen.media.probe import FilmInfo
    from trailergen.plans import Film, Plan, Range
    from trailergen.session import Session

MODEL = "openbmb/MiniCPM-V-2_6"
VERSION = 1
_QUESTION = "These pictures are from one shot of a film. Say in one sentence what happens and in which mood."
_MOST_TOKENS = 96
_MOST_CHARACTERS = 400


class MiniCpm:
    """The model as its makers publish it: ``model.chat`` with pictures and a question.

    Args:
        device: of torch; only a GPU is fast enough.
        load: gives model and tokenizer, for tests.

    Raises:
        UsageError: no GPU, or transformers is missing.
        WeightsError: the weights are not there or cannot be loaded.
    """

    def __init__(self, device: str, load: Callable[[], tuple[Any, Any]] | None = None) -> None:
        self._model, self._tokenizer = (load or (lambda: _load(device)))()

    def caption(self, pictures: Sequence[Image.Image]) -> str:
        """One sentence about pictures of one clip."""
        said = self._model.chat(
            image=None,
            msgs=[{"role": "user", "content": [*pictures, _QUESTION]}],
            tokenizer=self._tokenizer,
            sampling=False,  # the same sentence every time
            max_new_tokens=_MOST_TOKENS,
        )
        return " ".join(str(said).split())[:_MOST_CHARACTERS]


def caption_clips(
    session: Session, plan: Plan, film: FilmInfo, load: Callable[[], tuple[Any, Any]] | None = None
) -> list[Caption]:
    """A sentence about each clip of a plan; see ``caption_ranges``."""
    return caption_ranges(session, plan.film, [position.source for position in plan.positions], film, load)


def caption_ranges(
    session: Session,
    of: Film,
    clips: Sequence[Range],
    film: FilmInfo,
    load: Callable[[], tuple[Any, Any]] | None = None,
) -> list[Caption]:
    """A sentence about each of some ranges of film frames, kept in the cache by range.

    The model is loaded for what is not there.

    Raises:
        InputError: the film cannot be read.
        UsageError, WeightsError: see ``MiniCpm``.
    """
    keys = [
        session.cache.key(
            "description",
            VERSION,
            {"film": of.sha256, "rate": str(of.rate), "clip": [clip.start, clip.end]} | {"model": MODEL},
        )
        for clip in clips
    ]
    model: MiniCpm | None = None
    found: list[Caption] = []
    with session.progress.stage("captions", len(keys)) as tick:
        for key, clip in zip(keys, clips, strict=True):
            entry = session.cache.load(key)
            if entry is None:
                model = model or MiniCpm(resolve_device(session.device), load)
                wanted = [clip.start + len(clip) * part // 6 for part in (1, 3, 5)]
                shown = [Image.fromarray(picture) for _, picture in film_pictures(film, of.rate, wanted)]
                entry = Entry({"text": model.caption(shown)}, {})
                session.cache.store(key, entry)
            text = str(entry.facts["text"])
            found.append(((text, 1.0),) if text else ())
            tick(1)
    return found


def _load(device: str) -> tuple[Any, Any]:
    if not device.startswith("cuda"):
        raise UsageError(
            "--captioner minicpm needs a GPU", "a model of eight billion weights", "use --captioner dialogue"
        )
    try:
        from transformers import AutoModel, AutoTokenizer
    except ImportError as error:
        raise UsageError(
            "--captioner minicpm needs the package transformers", str(error), "pip install 'trailergen[minicpm]'"
        ) from error
    import torch

    place = os.environ.get("TRAILERGEN_MINICPM") or MODEL
    known: dict[str, Any] = {
        "trust_remote_code": True,
        "local_files_only": network_forbidden() or Path(place).is_dir(),
    }
    try:
        model = AutoModel.from_pretrained(place, attn_implementation="sdpa", torch_dtype=torch.bfloat16, **known)
        tokenizer = AutoTokenizer.from_pretrained(place, **known)
    except Exception as error:  # its own code is loaded with it, and lets anything through
        raise WeightsError(
            f"cannot load {place}",
            str(error).partition("\n")[0],
            f"put its files into a folder and name it with TRAILERGEN_MINICPM, or let transformers fetch {MODEL}",
        ) from error
    return model.eval().to(device), tokenizer
