from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import ffmpeg
import pytest
from counterfilm import make_film
from hypothesis import given
from hypothesis import strategies as st

from trailergen.dialogue.subtitles.cues import Cue, read_subtitles
from trailergen.dialogue.subtitles.embedded import embedded_subtitles
from trailergen.dialogue.subtitles.spoken import spoken
from trailergen.errors import InputError, UsageError
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import FilmInfo, probe_film

SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello there.\n\n2\n00:00:03,000 --> 00:00:04,000\nGo!\n"


def write(tmp_path: Path, content: str | bytes, name: str = "film.srt") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def texts(path: Path) -> list[str]:
    return [cue.text for cue in read_subtitles(path, Fraction(25))]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("<i>Hello</i>,<br/>\\Nyou.", "Hello, you."),
        ("{\\an8}{\\b1}Up here{\\b0}", "Up here"),
        ("Fish &amp; chips &lt;3", "Fish & chips <3"),
        ("[DOOR SLAMS] What?", "What?"),
        ("(sighs)\nWell...", "Well..."),
        ("MR. SMITH: Good morning.", "Good morning."),
        (">> NAR: This is it.", "This is it."),
        ("It is 10:30.", "It is 10:30."),
        ("Remember: never again.", "Remember: never again."),
        ("- Alone.", "Alone."),
        ("-5 degrees", "-5 degrees"),
        ("<v Roger>Is it?</v>", "Is it?"),
        ("At last...\n...home.", "At last... home."),
        ("\u202b\u05e9\u05dc\u05d5\u05dd\u202c.", "\u05e9\u05dc\u05d5\u05dd."),
        ("今日は\nいい天気。", "今日はいい天気。"),
        ("안녕\n하세요", "안녕 하세요"),
        ("♪", ""),
        ("[♪♪♪]", ""),
        ("\ufeff  \u200b ", ""),
    ],
)
def test_only_what_is_said_is_left(raw: str, said: str) -> None:
    assert spoken(raw).text == said


@pytest.mark.parametrize(
    ("raw", "speakers"),
    [
        ("Hi.", 1), ("- Hi.", 1), ("- Hi.\n- Ho.", 2), ("Hi.\n- Ho.", 2), ("-Why?\n-Now!", 2), ("- Hi. - Ho.", 2),
        ("ANNA: Hi.\nBEN: Ho.", 2), (">> Hi.\n>> Ho.", 2), ("A well-known\nfact.", 1), ("[SIGHS]", 0),
    ],
)  # fmt: skip
def test_speakers_are_counted(raw: str, speakers: int) -> None:
    assert spoken(raw).speakers == speakers


@pytest.mark.parametrize("raw", ["♪ La la la ♪", "# La la la #", "♫ Oh"])
def test_songs_are_known(raw: str) -> None:
    assert spoken(raw).sung and spoken(raw).text.strip(" #") == spoken(raw).text


def test_a_file_of_each_kind(tmp_path: Path) -> None:
    vtt = (
        "WEBVTT - a title\n\nSTYLE\n::cue { color: red }\n\nNOTE a remark\n\n"
        "first\n00:01.000 --> 00:02.500 align:start\n"
        "<v Anna>Hello there.</v>\n\nNOTE another remark\nof two lines\n\nsecond\n00:00:03.000 --> 00:00:04.000\nGo!\n"
    )
    ass = (
        "[Script Info]\n[V4+ Styles]\nFormat: Name\nStyle: Default\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,not said\n"
        "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\i1}Hello{\\i0} there.\n"
        "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}\n"
        "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,Go!\n"
    )
    microdvd = "{25}{62}Hello there.\n{75}{100}Go!\n"
    kinds = {"a.srt": SRT, "a.vtt": vtt, "a.ass": ass, "a.sub": microdvd, "crlf.srt": SRT.replace("\n", "\r\n"),
             "mac.srt": SRT.replace("\n", "\r")}  # fmt: skip
    for name, content in kinds.items():
        assert texts(write(tmp_path, content, name)) == ["Hello there.", "Go!"], name
    first = read_subtitles(write(tmp_path, vtt, "a.vtt"))[0]
    assert (first.start, first.end, first.number) == (1, Fraction(5, 2), 0)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Où êtes-vous passés, mes chers élèves ?", "cp1252"),
        ("Привет, как дела? Что ты здесь делаешь?", "cp1251"),
        ("これは長い間話されていた物語です。", "cp932"),
        ("Grüße an alle.", "utf-8-sig"),
        ("Grüße an alle.", "utf-16"),
        ("Grüße an alle.", "utf-16-le"),
        ("Привет, как дела?", "utf-16-be"),
        ("Grüße an alle.", "utf-32"),
    ],
)
def test_any_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    many = "".join(f"{n}\n00:0{n}:00,000 --> 00:0{n}:02,000\n{text}\n\n" for n in range(1, 9))
    assert set(texts(write(tmp_path, many.encode(encoding)))) == {text}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("They call him Иван here.", "cp1251"),
        ("Это", "cp1251"),
        ("ЮБИЛЕЙ, 1941", "cp1251"),
        ("Ten words of English and one Здравствуйте in it.", "cp1251"),
        ("They call him Иван here.", "koi8_r"),
        ("He said Καλημέρα to me.", "cp1253"),
        ("He said مرحبا to me.", "cp1256"),
        ("From Łódź to Żółć.", "cp1250"),
        ("L'été à Noël.", "cp1252"),
        ("Där är vår ö, på en å.", "cp1252"),
        ("¿Qué? ¡Sí!", "cp1252"),
        ("“Über Maß”: 20 °C, 5 £…", "cp1252"),
        ("彼は言った", "cp932"),
        ("他说 hello", "gb18030"),
        ("他說 hello", "big5"),
        ("안녕, 하지 마 hello", "cp949"),
    ],
)
def test_the_encoding_of_one_word_among_english(tmp_path: Path, text: str, encoding: str) -> None:
    cues = [text, *(f"This is line number {number}." for number in range(1, 9))]
    many = "".join(f"{n}\n00:0{n}:00,000 --> 00:0{n}:02,000\n{cue}\n\n" for n, cue in enumerate(cues, 1))
    assert texts(write(tmp_path, many.encode(encoding)))[0] == text


def test_broken_cues_are_mended_or_left_out(tmp_path: Path) -> None:
    cues = [
        ("00:00:09,000", "00:00:10,000", "Last."),
        ("00:00:01,000", "00:00:03,000", "First."),
        ("00:00:02,000", "00:00:04,000", "Over it."),
        ("00:00:01,000", "00:00:03,000", "First."),
        ("00:00:05,000", "00:00:05,000", "No length."),
        ("00:00:07,000", "00:00:06,000", "Backwards."),
        ("00:00:05,500", "00:00:06,000", "<i></i>"),
        ("99:59:58,000", "99:59:59,000", "Far away."),
    ]
    text = "".join(f"{n}\n{start} --> {end}\n{said}\n\n" for n, (start, end, said) in enumerate(cues))
    found = read_subtitles(write(tmp_path, text))
    # A cue that ends before it begins is read for as long as it takes to read it.
    assert [(cue.number, cue.text, cue.end) for cue in found] == [
        (1, "First.", 3),
        (2, "Over it.", 4),
        (5, "Backwards.", Fraction(41, 5)),
        (0, "Last.", 10),
        (7, "Far away.", 359999),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (bytes(range(256)) * 9, "no text"),
        (b"\x7fELF\0\0\1\2" * 99, "no text"),
        (b"Dear diary, nothing happened.", "no subtitles"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n[MUSIC]\n", "nothing is said"),
        (b"WEBVTT\n\n", "nothing is said"),
        (b"{0}{25}Hi", "frames a second|how many a second"),
        (b'<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"><body>', "no subtitles"),
        (b'{"events": 5, "info": {}}', "no subtitles"),
    ],
)
def test_what_is_no_subtitle_file_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(InputError, match=said) as caught:
        read_subtitles(path)
    assert str(path) in str(caught.value)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.srt", tmp_path):
        with pytest.raises(InputError):
            read_subtitles(path)


@pytest.mark.parametrize(
    "junk",
    ["\n", " \n", "<a", "< i", "(", "[", "{y:", "\\N", "0", "- ", "00:00:01,000 --> 00:00:02,000\n", "&lt", "MR. "],
)
def test_megabytes_of_junk_do_not_hang(tmp_path: Path, junk: str) -> None:
    path = write(tmp_path, SRT + junk * (1_500_000 // len(junk)) + "\nend\n")
    started = time.process_time()
    read_subtitles(path)
    assert time.process_time() - started < 20  # seconds; the square of the length would be hours


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace"))))
def test_bytes_are_cues_or_an_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    _check(tmp_path_factory, content)


_PIECES = [
    "1\n", "\n\n", "00:00:01,000 --> 00:00:02,000\n", "00:01.000 --> 00:02.000\n", "WEBVTT\n\n", "NOTE\n", "Hi. ",
    "- ", "<i>", "{\\p1}", "[Script Info]\n[Events]\n", "Dialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,Hi\n", "♪", "(",
    "<SAMI><BODY><SYNC Start=5>Hi<SYNC Start=>", "{1}{2}Hi\n", "[1][2]Hi\n", "00:00:01:Hi\n", "ANNA: ", "\\N",
    "&#0;", "&#xD800;", '[{"start": 1}]', '{"chunks": []}',
]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=6), max_size=30).map("".join))
def test_pieces_of_subtitles_are_cues_or_an_error(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    _check(tmp_path_factory, content.encode("utf-8", "replace"))


def _check(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = write(tmp_path_factory.getbasetemp(), content)
    try:
        cues = read_subtitles(path)
    except InputError as error:
        assert str(path) in str(error)
        return
    assert cues and all(isinstance(cue, Cue) and cue.text and 0 <= cue.start < cue.end for cue in cues)
    assert cues == sorted(cues, key=lambda cue: cue.start)
    for cue in cues:
        cue.text.encode()


def film_with(tmp_path: Path, tracks: list[dict[str, str]], delay: float = 0) -> FilmInfo:
    """A film with a track of SubRip for each of ``tracks``: its text, and metadata; pictures begin after ``delay``."""
    plain = make_film(tmp_path / "plain.mp4", 48, size=(64, 36))
    inputs = [ffmpeg.input(str(plain), itsoffset=delay)["v"]]
    options: dict[str, str] = {}
    for number, track in enumerate(tracks):
        text = f"1\n00:00:01,500 --> 00:00:02,750\n{track['text']}\n"
        inputs.append(ffmpeg.input(str(write(tmp_path, text, f"{number}.srt")))["s"])
        options[f"metadata:s:s:{number}"] = f"language={track.get('language', 'und')}"
        options[f"disposition:s:{number}"] = track.get("disposition", "0")
    path = tmp_path / "film.mkv"
    run(ffmpeg.output(*inputs, file_url(path), format="matroska", vcodec="copy", scodec="srt", **options))
    return probe_film(path)


def test_subtitles_inside_the_film_count_from_its_first_picture(tmp_path: Path) -> None:
    film = film_with(tmp_path, [{"text": "<i>Hello</i>, you."}], delay=0.5)
    assert film.origin * film.time_base == Fraction(1, 2)
    assert embedded_subtitles(film) == (1, [Cue(0, Fraction(1), Fraction(9, 4), "Hello, you.")])


def test_the_right_stream_is_taken(tmp_path: Path) -> None:
    film = film_with(
        tmp_path,
        [
            {"text": "Signs", "language": "eng", "disposition": "default+forced"},
            {"text": "Doors slam", "language": "eng", "disposition": "default+hearing_impaired"},
            {"text": "English", "language": "eng", "disposition": "0"},
            {"text": "Deutsch", "language": "ger", "disposition": "default"},
        ],
    )

    def taken(wanted: str | None = None, language: str | None = None) -> tuple[int, str]:
        found = embedded_subtitles(film, wanted, language)
        assert found is not None
        return found[0], found[1][0].text

    assert taken() == (4, "Deutsch")
    assert taken(language="en") == taken("eng") == taken("EN-us") == (3, "English")
    assert taken("de") == taken("deu") == (4, "Deutsch")
    assert taken("1") == (1, "Signs")
    for wanted in ("fr", "9", "0", ""):
        with pytest.raises(UsageError, match="no subtitles"):
            embedded_subtitles(film, wanted)


def test_a_film_without_subtitles_has_none(tmp_path: Path) -> None:
    film = probe_film(make_film(tmp_path / "film.mp4", 12, size=(64, 36)))
    assert embedded_subtitles(film) is None
    with pytest.raises(UsageError, match="none with text"):
        embedded_subtitles(film, "en")


def test_languages_have_several_codes(tmp_path: Path) -> None:
    film = film_with(tmp_path, [{"text": "A", "language": "fre"}, {"text": "B", "language": "por"}, {"text": "C"}])

    def taken(wanted: str) -> str:
        found = embedded_subtitles(film, wanted)
        assert found is not None
        return found[1][0].text

    assert [taken(code) for code in ("fre", "fra", "fr", "FRE", "fr_CH")] == ["A"] * 5
    assert taken("pt-BR") == taken("pt") == "B"
    for code in ("en", "", "und", "tlh", "no language"):
        with pytest.raises(UsageError, match=r"1 \(fre\), 2 \(por\), 3 \(no language\)"):
            embedded_subtitles(film, code)


@pytest.mark.media
def test_real_subtitles(media: Path) -> None:
    sintel = read_subtitles(media / "subtitles" / "sintel.en.srt")
    assert len(sintel) == 26 and sintel[0] == Cue(0, Fraction(549, 4), Fraction(281, 2), "This blade has a dark past.")
    dream = read_subtitles(media / "subtitles" / "elephants_dream.en.vtt")
    assert len(dream) == 78 and dream[34].speakers == 2


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "stream", "first"),
    [
        ("mov_text_inside.mp4", 2, Cue(0, Fraction(523, 1000), Fraction(127, 125), "oop")),
        # Matroska's pictures begin 23 ms after its zero.
        ("webvtt_inside.mkv", 2, Cue(0, Fraction(523, 1000), Fraction(127, 125), "oop")),
    ],
)
def test_real_films_with_subtitles(media: Path, name: str, stream: int, first: Cue) -> None:
    found = embedded_subtitles(probe_film(media / "awkward" / name))
    assert found is not None and found[0] == stream and found[1][0] == first


@pytest.mark.media
def test_a_real_film_with_two_of_everything(media: Path) -> None:
    found = embedded_subtitles(probe_film(media / "awkward" / "multistream__nasa_13013.mp4"), "en")
    assert found is not None and found[0] == 2
    assert found[1][0].text == "This is the optical and science segment of the Webb"
