"""Titles in Final Cut Pro 7 XML: a matte over the clips, unless they shall be seen, and over it text of the generator
``Outline Text``, which is what subtitling programs write for Premiere and Resolve."""

from __future__ import annotations

from trailergen.timeline.events import TITLE_MATTE, CardEvent, Timeline
from trailergen.timeline.write.elements import Element, add
from trailergen.timeline.write.fcp7_parts import add_effect, add_parameter, add_source_track, add_times, add_track


def add_titles(video: Element, timeline: Timeline) -> None:
    """Two tracks above the clips, if there are cards: without a matte text stands over the picture."""
    if not timeline.cards:
        return
    mattes, texts = add_track(video), add_track(video)
    for number, card in enumerate(timeline.cards, 1):
        if not card.over:
            _matte(mattes, timeline, card, f"matte-{number}")
        item = _item(texts, timeline, card, f"title-{number}", card.name)
        effect = add_effect(item, "Outline Text", "Outline Text", "Text", "generator", "video")
        add_parameter(effect, "str", "Text", card.text)
        centred = add_parameter(effect, "align", "Alignment")
        add(centred, "valuemin", 1)
        add(centred, "valuemax", 3)
        add(centred, "value", 2)
        add_source_track(item, "video", 1)


def _matte(track: Element, timeline: Timeline, card: CardEvent, identity: str) -> None:
    item = _item(track, timeline, card, identity, TITLE_MATTE)
    effect = add_effect(item, "Color", "Color", "Matte", "generator", "video")
    colour = add(add_parameter(effect, "fillcolor", "Color"), "value")
    add(colour, "alpha", 255)
    for name, at in (("red", 1), ("green", 3), ("blue", 5)):
        add(colour, name, int(card.background[at : at + 2], 16))
    add_source_track(item, "video", 1)


def _item(track: Element, timeline: Timeline, card: CardEvent, identity: str, name: str) -> Element:
    item = add(track, "generatoritem", id=identity)
    add(item, "name", name)
    add_times(item, timeline.clock, card.frames, (card.record, 0, card.frames))
    add(item, "enabled", "TRUE")
    add(item, "anamorphic", "FALSE")
    add(item, "alphatype", "black" if name != TITLE_MATTE else "none")
    return item
