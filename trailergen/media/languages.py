"""Languages as files and people name them: ``de``, ``deu``, ``ger``, ``de-CH``, and one language in another."""

from __future__ import annotations

_NEAR = 10
"""The greatest distance of CLDR at which whoever speaks one understands the other: no and nb, hr and sh, gsw and de."""
_FAR = 1_000
# Languages that the standard counts as one beside being several, and CLDR does not count as near (ISO 639-3).
_WITHIN = {
    **dict.fromkeys(("cmn", "yue", "wuu", "hak", "nan", "hsn", "gan", "cdo", "cjy", "mnp"), "zh"),
    **dict.fromkeys(("nb", "nn"), "no"),
    **dict.fromkeys(("sr", "hr", "bs", "cnr"), "sh"),
    **dict.fromkeys(("arb", "arz", "apc", "ary", "acm", "afb", "arq", "aeb", "ajp"), "ar"),
}
# Codes of sites, which no standard has.
_OWN = {"pob": "pt-BR", "pb": "pt-BR", "spl": "es-419", "ea": "es-419", "zht": "zh-Hant", "zhs": "zh-Hans"}


def same_language(tag: str | None, wanted: str) -> bool:
    """True if a tag names the wanted language, in whatever code, or one that the other is counted with."""
    ours, theirs = _language(tag), _language(wanted)
    if ours is None or theirs is None:
        return False
    if ours == theirs or _WITHIN.get(ours, ours) == _WITHIN.get(theirs, theirs):
        return True
    return min(distance(tag, wanted), distance(wanted, tag)) <= _NEAR


def distance(tag: str | None, wanted: str | None) -> int:
    """Distance of a tagged language from the wanted one, 0 where it is the same in the same script and country."""
    import langcodes

    if _language(tag) is None or _language(wanted) is None:
        return _FAR
    return int(langcodes.tag_distance(_standard(wanted or ""), _standard(tag or "")))


def _language(tag: str | None) -> str | None:
    """The language alone, in its shortest code; None for what names none."""
    import langcodes

    if not tag:
        return None
    try:
        return langcodes.Language.get(_standard(tag)).language
    except ValueError:
        return None


def _standard(tag: str) -> str:
    tag = tag.strip()
    return _OWN.get(tag.lower(), tag)
