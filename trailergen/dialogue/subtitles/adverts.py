"""Adverts of those who make and share subtitles: credits, sites, requests. Nobody in the film says them.

A word alone is no advert: people in films speak of subtitles, of sites and of corrections too. A credit is told by its
form, from a cue's beginning to its end; an address by what surrounds it, or by standing alone.
"""

from __future__ import annotations

import re

from trailergen.dialogue.subtitles.credits import AND, AROUND, BY, CHANGED, DONE, MADE, REQUESTS, SITES

_LONGEST = 300
_TELLING = re.compile(f"{SITES}|{REQUESTS}", re.IGNORECASE)
_TOP = (
    "com|org|net|info|biz|tv|io|me|co|eu|us|uk|de|fr|es|it|nl|be|pl|cz|sk|hu|ro|ru|ua|bg|gr|tr|br|pt|se|no|dk|fi|cn|jp|kr"
    "|in|to|cc|ws|xyz|site|link|online|club|app"
)
_ADDRESSES = (
    re.compile(r"https?\s?:\s?//\S+|\bwww\s?\.\s?[\w-]+(?:\.[\w-]+)*(?:/\S*)?", re.IGNORECASE),
    re.compile(r"[\w.+-]{1,60}@[\w-]{1,60}(?:\.\w{2,20})+|(?<![\w.])@\w{2,30}"),
    re.compile(
        rf"(?<![@\w.-])[a-z0-9][a-z0-9-]{{1,40}}(?:\.[a-z0-9-]{{2,40}}){{0,3}}\.(?:{_TOP})\b(?:/\S*)?", re.IGNORECASE
    ),
)
_AROUND = re.compile(AROUND, re.IGNORECASE)
_CREDIT = re.compile(
    rf"\W{{0,8}}(?P<does>(?:(?:{MADE}|{CHANGED}){AND}){{0,4}}(?:{MADE}|{CHANGED}))(?: (?:{DONE}))?"
    rf"(?P<mark> (?:{BY})(?: ?:)? | ?[:\uff1a] ?)(?P<name>.{{1,80}})",
    re.IGNORECASE,
)
_MADE = re.compile(rf"\b(?:{MADE})(?!\w)", re.IGNORECASE)
_DOES = re.compile(rf"(?:{MADE}|{CHANGED})(?!\w)", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]*\d|[#@~\[(<&+/|*=-]|[\u0590-\u06ff\u3040-\u9fff\uac00-\ud7af]|(?:and|et|und|y|e|och|og)$")
_MOST_WORDS = 6


def is_advert(text: str) -> bool:
    """True for a cue, as plain text in one line, that is an advert or a credit of the subtitles' makers."""
    text = text[:_LONGEST].strip()
    return bool(_TELLING.search(text)) or _is_address(text) or _is_credit(text)


def _is_address(text: str) -> bool:
    for form in _ADDRESSES:
        around, count = form.subn(" ", text)
        if count and (_AROUND.search(around) or len(re.findall(r"\w+", around)) <= 2):
            return True
    return False


def _is_credit(text: str) -> bool:
    credit = _CREDIT.fullmatch(text)
    if credit is None:
        return False
    name, colon = credit["name"].strip(), credit["mark"].strip()[-1:] in (":", "\uff1a")
    words = name.split()
    if len(words) > _MOST_WORDS or name[-1:] in "?!" or (colon and name[-1:] == "." and len(words[-1]) > 2):
        return False
    # Subtitles are made by whomever; a letter may well be translated by monks, but not by Monks.
    if all(word[0].isupper() or _NAME.match(word) for word in words):
        return True
    does = credit["does"]
    return len(words) <= 2 and (bool(_MADE.search(does)) or len(_DOES.findall(does)) > 1)
