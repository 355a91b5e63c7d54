"""What clips are described by, and how well lines suit them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from counterfilm import make_film, read_number
from test_plan import parse, plan_json
from towers import small_openclip

from trailergen.dialogue import seen, similarity
from trailergen.dialogue.captioners import minicpm
from trailergen.dialogue.captioners.dialogue import said_around
from trailergen.dialogue.captioners.minicpm import MiniCpm, caption_clips
from trailergen.dialogue.similarity import clip_text_tower, similarities
from trailergen.dialogue.subtitles.cues import Cue
from trailergen.errors import UsageError, WeightsError
from trailergen.features.encoders.openclip import OpenClipEncoder
from trailergen.media.probe import probe_film
from trailergen.plans import Plan
from trailergen.runtime.cache import StageCache
from trailergen.runtime.device import Device
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session


def around(cues: Sequence[tuple[float, float, str]], start: float, end: float) -> dict[str, float]:
    made = [Cue(n, Fraction(a), Fraction(b), text, sung=text == "la") for n, (a, b, text) in enumerate(cues)]
    (found,) = said_around(made, [(Fraction(start), Fraction(end))])
    return dict(found)


def test_what_is_said_nearer_counts_more() -> None:
    cues = [
        (0, 9, "far"),
        (10, 15, "before"),
        (18, 22, "during"),
        (21, 21.5, "la"),
        (26, 27, "after"),
        (35, 36, "late"),
    ]
    assert around(cues, 20, 25) == {"before": 0.5, "during": 1, "after": 0.9}


def test_a_long_cue_that_began_early_counts() -> None:
    assert around([(0, 60, "long"), (1, 2, "short")], 50, 52) == {"long": 1}


def test_nothing_is_known_of_a_clip_without_words() -> None:
    assert said_around([], [(Fraction(1), Fraction(2))] * 2) == [(), ()]


def test_similarity_by_words() -> None:
    lines = ["The dragon sleeps.", "Nobody came home."]
    clips = [(("Where is the dragon?", 1.0),), (("We came home late.", 1.0),), (), (("Nobody came home.", 0.25),)]
    found = similarities(lines, clips, None)
    assert found.shape == (2, 4)
    assert found[0, 0] > 0.1 > found[0, 1] == 0 and found[1, 1] > 0.1 > found[1, 0] == 0
    assert not found[:, 2].any()
    assert found[1, 3] == pytest.approx(0.25)
    assert similarities([], clips, None).shape == (0, 4)
    assert not similarities(["..."], [(("!", 1.0),)], None).any()


def test_similarity_is_the_weighted_mean_of_cosines() -> None:
    rng = np.random.default_rng(0)
    vectors: dict[str, Any] = {}

    def encode(texts: Sequence[str]) -> Any:
        assert len(texts) <= 64
        for text in texts:
            drawn = rng.normal(size=8).astype(np.float32)
            vectors.setdefault(text, drawn / np.linalg.norm(drawn))
        return np.stack([vectors[text] for text in texts])

    clips = [tuple((f"text {n}", (n % 7) / 7) for n in range(start, start + 30)) for start in range(0, 90, 15)]
    found = similarities(["a", "b"], clips, encode)
    for row, line in enumerate("ab"):
        for column, clip in enumerate(clips):
            expected = sum(w * float(vectors[line] @ vectors[t]) for t, w in clip) / max(1, sum(w for _, w in clip))
            assert found[row, column] == pytest.approx(expected, abs=1e-6)


def test_the_tower_of_an_installed_model_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("open_clip")
    with small_openclip("Tiny-Test", tmp_path):
        tiny = OpenClipEncoder(tmp_path / "Tiny-Test.safetensors", "Tiny-Test", "random")
        monkeypatch.setattr("trailergen.features.words.text_encoder", lambda *_: tiny)
        tower = clip_text_tower("openclip", "cpu")
        assert tower is not None and tower[0] == tiny.name
        found = similarities(["a chase"], [(("a chase", 1.0),), (("two people talking", 1.0),)], tower[1])
    assert found[0, 0] == pytest.approx(1, abs=1e-5) and found[0, 1] < 0.999


def test_without_a_model_there_is_no_tower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path))
    assert clip_text_tower("builtin", "cpu") is None
    assert similarity.clip_text_tower("", "cpu") is None


class FakeMiniCpm:
    """Says the numbers of the pictures it is shown."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def chat(self, **asked: Any) -> str:
        self.asked.append(asked)
        *pictures, question = asked["msgs"][0]["content"]
        assert "one sentence" in question
        return "  Shown:\n" + " ".join(str(read_number(np.asarray(picture)[..., 0])) for picture in pictures)


@pytest.fixture
def described(tmp_path: Path) -> tuple[Plan, Callable[..., Any], FakeMiniCpm]:
    film = probe_film(make_film(tmp_path / "film.mp4", 90))
    plan = parse(plan_json([12, 18, 24], 30))
    session = Session(StageCache(tmp_path / "cache"), Progress(ProgressKind.none), Device.cpu)
    fake = FakeMiniCpm()
    return plan, lambda load: caption_clips(session, plan, film, load), fake


def test_minicpm_sees_three_pictures_of_each_clip(described: tuple[Plan, Callable[..., Any], FakeMiniCpm]) -> None:
    plan, describe, fake = described
    expected = [
        [position.source.start + len(position.source) * part // 6 for part in (1, 3, 5)] for position in plan.positions
    ]
    found = describe(lambda: (fake, "the tokenizer"))
    assert found == [((f"Shown: {' '.join(map(str, numbers))}", 1.0),) for numbers in expected]
    assert all(asked["tokenizer"] == "the tokenizer" and asked["sampling"] is False for asked in fake.asked)

    def again() -> Any:
        raise AssertionError("what is in the cache needs no model")

    assert describe(again) == found


def test_what_minicpm_says_is_one_line_of_bounded_length() -> None:
    model = MiniCpm("cpu", lambda: (SimpleNamespace(chat=lambda **_: "so\n" * 9000), None))
    said = model.caption([])
    assert said.startswith("so so") and len(said) == 400


def test_minicpm_needs_a_gpu_and_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="needs a GPU"):
        MiniCpm("cpu")
    monkeypatch.setitem(__import__("sys").modules, "transformers", None)
    with pytest.raises(UsageError, match=r"trailergen\[minicpm\]"):
        MiniCpm("cuda")


def test_weights_that_cannot_be_loaded_are_a_weights_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    class Broken:
        @staticmethod
        def from_pretrained(place: str, **known: Any) -> None:
            asked.append((place, known))
            raise OSError("no such files\nand more")

    fake = SimpleNamespace(AutoModel=Broken, AutoTokenizer=Broken)
    monkeypatch.setitem(__import__("sys").modules, "transformers", fake)
    monkeypatch.setenv("TRAILERGEN_MINICPM", str(tmp_path))
    with pytest.raises(WeightsError, match="cannot load") as caught:
        MiniCpm("cuda")
    assert caught.value.why == "no such files" and str(tmp_path) in caught.value.what
    assert asked[0][0] == str(tmp_path) and asked[0][1]["local_files_only"] is True
    monkeypatch.delenv("TRAILERGEN_MINICPM")
    monkeypatch.setattr(minicpm, "network_forbidden", lambda: False)
    with pytest.raises(WeightsError):
        MiniCpm("cuda")
    assert asked[1][0] == "openbmb/MiniCPM-V-2_6" and asked[1][1]["local_files_only"] is False


class Looks:
    """An encoder that takes a shot's pictures for its number, and a text for the shot that it names."""

    name, space, licence, weights, version = "openclip:Looks/tested", "looks", "MIT", {}, 1

    def encode(self, film: Any, analysis: Any, first: int = 0, tick: Any = None) -> Iterator[Any]:
        for number in range(first, len(analysis.shots)):
            tick(1)
            yield self._vector(number)[None]

    def encode_text(self, texts: Sequence[str]) -> Any:
        return np.stack([self._vector(int(text.split()[-1])) for text in texts])

    @staticmethod
    def _vector(number: int) -> Any:
        return np.eye(1024, dtype=np.float32)[number] * 0.3 + np.eye(1024, dtype=np.float32)[-1] * 0.95


def test_clips_that_look_like_what_is_said_suit_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = probe_film(make_film(tmp_path / "film.mp4", 120))
    data = plan_json([12, 18, 24, 10], 30)
    data["provenance"] |= {"encoder": "looks", "settings": {"encoder": "openclip:Looks/tested"}}
    plan = parse(data)
    session = Session(StageCache(tmp_path / "cache"), Progress(ProgressKind.none), Device.cpu)
    monkeypatch.setattr(seen, "get_encoder", lambda *_: Looks())
    found = seen.seen_similarity(session, plan, film, ["like shot 2", "like shot 0", "like shot 9"])
    assert found is not None and found[1] == "openclip:Looks/tested"
    assert found[0].argmax(axis=1)[:2].tolist() == [2, 0] and not found[0][2].any()
    assert np.abs(found[0].sum(axis=1)).max() < 1e-6 and found[0].max() < 0.1
    data["provenance"]["encoder"] = "another"
    assert seen.seen_similarity(session, parse(data), film, ["like shot 2"]) is None


def test_encoders_without_words_see_nothing(tmp_path: Path) -> None:
    plan = parse(plan_json([12, 18], 30))
    session = Session(StageCache(tmp_path / "cache"), Progress(ProgressKind.none), Device.cpu)
    assert seen.seen_similarity(session, plan, None, ["a chase"]) is None  # type: ignore[arg-type]
