"""A method as what fills a plan's positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trailergen.edit.fewer import can_be_filled
from trailergen.errors import UsageError
from trailergen.evaluation.baselines.learned import FilmMethod
from trailergen.evaluation.films import Film
from trailergen.evaluation.planning.follow import follow, long_enough
from trailergen.evaluation.planning.material import chosen_from, film_of, music_of, plain_music
from trailergen.evaluation.planning.words import with_words
from trailergen.ssmp.constraints import relax_constraints

if TYPE_CHECKING:
    from trailergen.dialogue.similarity import EncodeText
    from trailergen.edit.draft import Draft
    from trailergen.edit.model import Sources
    from trailergen.evaluation.methods import Method
    from trailergen.session import Session
    from trailergen.ssmp.constraints import Constraints
    from trailergen.ssmp.decoders.result import DecodingResult
    from trailergen.ssmp.positions import Positions
    from trailergen.training.films import Music

_WHERE = {
    "captions": "give --subtitles, whose words then stand for captions, or --captioner minicpm, which needs a GPU",
    "subtitles": "give --subtitles",
}


@dataclass(frozen=True)
class MethodFiller:
    """A ``Filler``: the method chooses among the shots that may be shown, and its choice is followed (``follow``).

    Args:
        name: of the method, as ``--method`` has it.
        method: fitted, if it learns.
        feature_space: that it was fitted to; None where all suit it.
        weights: SHA-256 of its checkpoint by name.
        encode: a text tower, for a method that reads words; None where it needs none.
    """

    name: str
    method: Method
    feature_space: str | None
    weights: Mapping[str, str]
    encode: EncodeText | None = None

    @property
    def space(self) -> str | None:
        """See ``Filler``: tokens suit every encoder."""
        from trailergen.ssmp.spaces import SPACES

        return None if self.feature_space in SPACES else self.feature_space

    @property
    def reads_lines(self) -> bool:
        """See ``Filler``: the tokens it learned from say."""
        from trailergen.ssmp.spaces import SPACES

        tokens = SPACES.get(self.feature_space or "")
        return tokens is not None and tokens.reads_lines

    def prepared(self, session: Session, draft: Draft, sources: Sources) -> Draft:
        """The draft with the positions joined over which the method's clips last, as far as the film's shots go."""
        film = self._film(session, draft, sources, words=False)
        least = 1
        while True:
            firsts = self.method.clips(film, least)
            if len(firsts) == draft.count:
                return draft
            joined = replace(draft, boundaries=(*(draft.boundaries[at] for at in firsts), draft.boundaries[-1]))
            if can_be_filled(joined.fitting_constraints()):
                session.progress.note(f"{self.name} shows {len(firsts)} clips, each over several segments of the music")
                return joined
            least = len(firsts) + 1

    def fill(
        self,
        session: Session,
        draft: Draft,
        constraints: Constraints,
        sources: Sources,
        seed: int,
        positions: Positions | None,
    ) -> DecodingResult:
        """See ``Filler``; the method sees the draft's own positions, all of them."""
        relaxed = relax_constraints(constraints)
        with session.progress.stage("plan", constraints.positions) as tick:
            sequence: list[int] = []
            if relaxed.free.any():
                open_shots = long_enough(relaxed)
                film = chosen_from(self._film(session, draft, sources, words=True), open_shots)
                numbers = self._trailer(film, seed)
                if seed and numbers == self._trailer(film, 0):
                    session.progress.note(f"{self.name} is not moved by the seed: {seed} gives what 0 gives")
                sequence = [int(open_shots[number]) for number in numbers]
            return follow(sequence, relaxed, self.name, tick)

    def _film(self, session: Session, draft: Draft, sources: Sources, words: bool) -> Film:
        """What the method is given of a film; words where it reads them. Raises UsageError for what it lacks."""
        film = film_of(draft, self.feature_space, self._music(session, draft, sources))
        if not words:
            return film
        if self.encode is not None:
            film = with_words(session, film, draft, sources, self.encode)
        for need in film.missing(self.method.needs):
            if need in _WHERE:
                raise UsageError(
                    f"--method {self.name} needs {need} of the film, and there are none", hint=_WHERE[need]
                )
        film.require(self.method.needs, f"--method {self.name}")
        return film

    def _music(self, session: Session, draft: Draft, sources: Sources) -> Music | None:
        """The music as far as the method looks at it: all of it, its lengths and levels, or nothing."""
        method = self.method
        if "music" not in method.needs:
            return plain_music(draft) if "music" in method.uses else None
        simulated = isinstance(method, FilmMethod) and method.sizes.music == 1
        return plain_music(draft) if simulated else music_of(session, draft, sources.music)

    def _trailer(self, film: Film, seed: int) -> list[int]:
        try:
            return self.method.trailer(film, seed)
        except (RuntimeError, ValueError) as error:
            raise UsageError(
                f"--method {self.name} cannot plan this film",
                f"{type(error).__name__}: {str(error).partition(chr(10))[0]}",
                "its checkpoint was made from films of another kind: train it on features, music and words as these",
            ) from error
