"""From words to sentences: what one person says in one breath, as cues whose edges are those of words.

Punctuation ends a sentence, and so do a pause and another speaker; a sentence too short to be a line goes on into the
next one of the same breath.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from trailergen.dialogue.sentences import LONGEST_S, SHORTEST_S, ends_sentence
from trailergen.dialogue.subtitles.adverts import is_advert
from trailergen.dialogue.subtitles.cues import Cue
from trailergen.dialogue.subtitles.spoken import spoken
from trailergen.dialogue.transcripts.words import Word

_PAUSE_S = Fraction(1)
"""A longer silence ends a sentence, whatever it ends with."""
_BREATH_S = Fraction(2, 5)
"""Between two sentences that are said in one go."""
_DASH = re.compile(r"^\s*(?:[-\u2010-\u2015]+|>>+)\s*\S")
_ABBREVIATION = re.compile(r"^\W*(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Prof|Sgt|Lt|Capt|Col|Gen|Sr|Sra|Mme|Hr|Fr)\.$")


def sentence_cues(words: Sequence[Word]) -> list[Cue]:
    """Cues of whole sentences, numbered from 0, of words in order of time; those without anything said are left out.

    ``between`` of each is the time from the end of the word before it to the start of the word after it.
    """
    cues: list[Cue] = []
    groups = _in_one_breath(_sentences(words))
    for index, group in enumerate(groups):
        said = spoken("".join(word.text for word in group).strip())
        if not said.text or is_advert(said.text):
            continue
        before = groups[index - 1][-1].end if index else Fraction(0)
        after = groups[index + 1][0].start if index + 1 < len(groups) else group[-1].end + _PAUSE_S
        cues.append(Cue(len(cues), group[0].start, group[-1].end, said.text, said.speakers, said.sung, (before, after)))
    return cues


def _sentences(words: Sequence[Word]) -> list[list[Word]]:
    groups: list[list[Word]] = []
    for word in words:
        if groups and not _ends(groups[-1][-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _ends(word: Word, following: Word) -> bool:
    """True if a sentence ends between two words."""
    if following.start - word.end > _PAUSE_S or _other(word, following) or _DASH.match(following.text):
        return True
    return ends_sentence(word.text.strip()) and not _ABBREVIATION.match(word.text.strip())


def _in_one_breath(groups: list[list[Word]]) -> list[list[Word]]:
    """The sentences, those too short for a line joined with the next that the same person says at once."""
    joined: list[list[Word]] = []
    for group in groups:
        if joined and _goes_on(joined[-1], group):
            joined[-1] = [*joined[-1], *group]
        else:
            joined.append(group)
    return joined


def _goes_on(group: list[Word], following: list[Word]) -> bool:
    length, whole = group[-1].end - group[0].start, following[-1].end - group[0].start
    near = following[0].start - group[-1].end <= _BREATH_S
    alone = _other(group[-1], following[0]) or bool(_DASH.match(following[0].text))
    return length < SHORTEST_S and whole <= LONGEST_S and near and not alone and ends_sentence(group[-1].text.strip())


def _other(word: Word, following: Word) -> bool:
    return bool(word.speaker and following.speaker) and word.speaker != following.speaker
