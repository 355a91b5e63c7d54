"""Code pages of texts that have few letters beyond ASCII: by which page their words are words.

A word has letters of one script and one of three cases; in Latin script no word is made of accents alone, and Chinese,
Japanese and Korean that anybody subtitles has common characters. So little is a guess all the same: Hebrew of a few
words may be taken for Cyrillic, and Turkish for Western.
"""

from __future__ import annotations

import unicodedata
from itertools import filterfalse, groupby

PAGES = (
    "cp1252", "cp1251", "cp1250", "cp949", "gb18030", "cp932", "big5", "cp1253", "cp1255", "cp1256", "cp1254", "koi8_r",
    "cp1257", "cp874", "euc_jp", "cp1258",
)  # fmt: skip
"""Those that subtitles were ever written in, the likeliest first; among all of Python's few lines match too many."""
_COMMON = {
    "cp949": ((0xB0, 0xC8), 0xA1),
    "gb18030": ((0xB0, 0xD7), 0xA1),
    "cp932": ((0x82, 0x97), 0x40),
    "big5": ((0xA4, 0xC6), 0x40),
    "euc_jp": ((0xA4, 0xCF), 0xA1),
}
"""Of the characters in daily use, the range of the first byte and the least second one."""
_WIDE = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH")
_MARKS = "“”„«»¿¡…—·•♪、。・「」『』《》\u2018\u2019\u201a\u2039\u203a\u2013\uff01\uff1f\uff0c\uff1a\uff1b\uff08\uff09"
_SIGNS = "°©®™€£¢§№½¼¾\xa0\xad"


def likely_page(raw: bytes) -> str:
    """The code page in which most of a text is words.

    Args:
        raw: lines with something beyond ASCII.
    """
    scores: dict[str, int] = {}
    for page in PAGES:
        try:
            scores[page] = _score(raw.decode(page), page)
        except UnicodeDecodeError:
            continue
    return max(scores, key=lambda page: scores[page])  # the first of the best


def _score(text: str, page: str) -> int:
    """Bytes beyond ASCII in words and marks that are some, less those in others."""
    score = 0
    for is_word, group in groupby(enumerate(text), lambda each: _is_of_word(each[1])):
        part = list(group)
        if is_word:
            word = "".join(letter for _, letter in part)
            score += _weight(word, page) * len("".join(filterfalse(str.isascii, word)).encode(page))
        else:
            score += sum(-1 if _is_odd(text, at) else len(sign.encode(page)) for at, sign in part if not sign.isascii())
    return score


def _is_of_word(letter: str) -> bool:
    return letter.isalpha() or unicodedata.category(letter).startswith("M")


def _weight(word: str, page: str) -> int:
    """1 for a word, -1 for none, 0 for what says nothing."""
    letters = [letter for letter in word if letter.isalpha()]
    scripts = {_script(letter) for letter in letters}
    if scripts & set(_WIDE):
        common = scripts <= set(_WIDE) and all(_is_common(letter, page) for letter in letters)
        return 1 if common else -1
    cased = word.islower() or word.isupper() or word[1:].islower() or word.lower() == word.upper()
    if len(scripts) != 1 or not cased or not word[0].isalpha() or 2 * len(letters) < len(word):
        return -1
    return 0 if scripts == {"LATIN"} and len(word) > 2 and not any(map(str.isascii, word)) else 1


def _is_common(letter: str, page: str) -> bool:
    coded = letter.encode(page)
    (least, most), second = _COMMON.get(page, ((1, 0), 0))
    return len(coded) == 2 and least <= coded[0] <= most and coded[1] >= second


def _is_odd(text: str, at: int) -> bool:
    """True for what no text has there: a control, a rare sign, or any sign within a word."""
    around = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    return text[at] not in _MARKS and (text[at] not in _SIGNS or any(letter.isalpha() for letter in around))


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").partition(" ")[0]
