"""Adverts of those who make subtitles are no lines; people who speak of the same things are heard."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailergen.dialogue.subtitles.adverts import is_advert
from trailergen.dialogue.subtitles.cues import read_subtitles

ADVERTS = [
    "Advertise your product or brand here. Contact www.example.org today!",
    "Support us and become a VIP member to remove all ads from www.example.org.",
    "Synced and corrected by Quickfingers.",
    "Sync and corrections by n17t01 www.somewhere.net",
    "-- Synced and corrected by chamallow --",
    "== sync, corrected by elderman ==",
    "Subtitles by Anna and Ben",
    "Subtitles by the Amara.org community",
    "Subtitles downloaded from www.OpenSubtitles.org",
    "Download Movie Subtitles Searcher from www.example.com",
    "Please rate this subtitle at osdb.link/abc Help other users to choose the best subtitles",
    "Translated by: Joanna Doe",
    "Captioned by Media Access Group",
    "Captioning made possible by Someone Pictures",
    "www.example.com",
    "https://example.com/subs",
    "Follow us on Twitter @someone",
    "contact: someone@example.com",
    "Sous-titres : Jean Dupont",
    "Sous-titrage Société Radio-Canada www.example.ca",
    "Traduit par Marie D.",
    "Synchro par l3f7",
    "Subtítulos por aRGENTeaM",
    "Traducción: María López",
    "Subtitulado por Pedro",
    "Legendas: Equipe X",
    "Tradução: Fulano",
    "Untertitel: Max Mustermann",
    "Untertitel von Max",
    "Untertitelung des ZDF für funk, 2017",
    "Übersetzt von Max Mustermann",
    "Sottotitoli a cura di Marco",
    "Tradotto da Marco Rossi",
    "Ondertiteling: Jan",
    "Vertaald door Jan Jansen",
    "Undertexter av Lars",
    "Översättning: Lars L.",
    "Tekster av Ola",
    "Napisy: Jan Kowalski",
    "Tłumaczenie: Jan",
    "Titulky: Karel",
    "Fordította: Kovács",
    "Traducerea: Ion",
    "Çeviri: Mehmet",
    "Prijevod: Ana",
    "Субтитры: Иван Петров",
    "Перевод: Иван",
    "Субтитры сделал DimaTorzok",
    "Редактор субтитров И.Семкин Корректор Д.Егорова",
    "Смотрите бесплатно на www.example.ru",
    "Υπότιτλοι: Νίκος",
    "字幕:小明",
    "翻译:小明 校对:小红",
    "자막: 홍길동",
    "תרגום: דוד",
]
SAID = [
    "The subtitles were wrong, you know.",
    "I read it with subtitles by candlelight.",
    "She was corrected by her own mother.",
    "Translated by monks, it was lost for centuries.",
    "The letter was translated by my father.",
    "Translation: he hates you.",
    "Translation: I am going to die!",
    "Is my watch synced with yours?",
    "I bought it on amazon.com last week.",
    "He founded a dot.com in the nineties.",
    "Just look it up on www.nasa.gov when you get home, son.",
    "Write to me, it's anna@home.com, all in small letters.",
    "You have got to advertise, my friend.",
    "I'll support you, and you will become a member of this family.",
    "Rate this wine for me, would you?",
    "Download the files before they cut us off.",
    "Time: half past ten.",
    "Edited by whom?",
    "We meet @ ten.",
    "Legends say he never slept.",
    "Visit me sometime.",
    "You ripped my shirt!",
    "Keine Übersetzung nötig.",
    "La traducción es mala.",
    "Les sous-titres sont mauvais.",
    "Перевод денег займёт три дня.",
    "我看不懂字幕。",
    "Encoded by the enemy, and we cannot read it.",
]


@pytest.mark.parametrize("text", ADVERTS)
def test_adverts(text: str) -> None:
    assert is_advert(text)


@pytest.mark.parametrize("text", SAID)
def test_what_is_said(text: str) -> None:
    assert not is_advert(text)


def test_adverts_are_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    texts = [
        ADVERTS[0].replace(". C", ".\nC"),
        "<font color=#fff>Synced and corrected by Quickfingers.</font>",
        SAID[0],
    ]
    path.write_text("".join(f"{n}\n00:00:1{n},000 --> 00:00:1{n},900\n{text}\n\n" for n, text in enumerate(texts)))
    told: list[str] = []
    assert [cue.text for cue in read_subtitles(path, note=told.append)] == [SAID[0]]
    assert told == [f"film.srt: left out, adverts of the subtitles' makers: 2, the first is {ADVERTS[0]!r}"]
