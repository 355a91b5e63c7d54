from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from trailergen.api.plan import endpoint_of
from trailergen.cli.groups import spread
from trailergen.dialogue.narrators.endpoint import DEFAULT_MODEL, DEFAULT_URL, Endpoint
from trailergen.errors import UsageError
from trailergen.settings.group import Changes, to_options
from trailergen.settings.language_model import LanguageModelSettings
from trailergen.settings.narration import NarrationSettings


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "TRAILERGEN_LLM_URL",
        "TRAILERGEN_LLM_MODEL",
        "TRAILERGEN_LLM_KEY",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
    ):
        monkeypatch.delenv(name, raising=False)


def options(*arguments: str) -> tuple[Changes[NarrationSettings], LanguageModelSettings]:
    """The options as a command gets them."""
    seen: list[tuple[Changes[NarrationSettings], LanguageModelSettings]] = []
    app = typer.Typer()

    @app.command()
    @spread
    def speak(*, narration: Changes[NarrationSettings], language_model: LanguageModelSettings) -> None:
        seen.append((narration, language_model))

    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return seen[0]


def endpoint(*arguments: str) -> Endpoint | None:
    """The endpoint that a command finds."""
    narration, language_model = options(*arguments)
    return endpoint_of(narration.apply(NarrationSettings()).narrator, language_model)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], NarrationSettings()),
        (["--subtitles", "a.srt"], NarrationSettings(subtitles=Path("a.srt"))),
        (["--subtitle-track", "en"], NarrationSettings(track="en")),
        (["--subtitle-offset", "-1.5"], NarrationSettings(subtitle_offset=-1.5)),
        (["--subtitle-offset", "0"], NarrationSettings(subtitle_offset=0)),
        (["--narration", "off"], NarrationSettings(lines="off")),
        (["--narration", "auto"], NarrationSettings(lines="auto")),
        (["--narration", "0"], NarrationSettings(lines=0)),
        (["--narration", "999"], NarrationSettings(lines=999)),
        (["--narrator", "llm", "--captioner", "minicpm"], NarrationSettings(narrator="llm", captioner="minicpm")),
        (["--describer", "minicpm"], NarrationSettings(captioner="minicpm")),  # as older versions called it
        (["--narrator", "auto", "--run-over"], NarrationSettings(narrator="auto", run_over=True)),
    ],
)
def test_options_are_settings(arguments: list[str], expected: NarrationSettings) -> None:
    found, _ = options(*arguments)
    assert found.apply(NarrationSettings()) == expected
    assert bool(found.remembered()) == bool(arguments)


@pytest.mark.parametrize("lines", ["1000", "-1", "2.5", "many", "", "\u0663", "0001000", "9" * 5000])
def test_what_is_no_number_of_lines_is_refused(lines: str) -> None:
    with pytest.raises(UsageError, match="no number of lines"):
        options("--narration", lines)


def test_two_sources_are_one_too_many() -> None:
    with pytest.raises(UsageError, match="two sources"):
        options("--subtitles", "a.srt", "--subtitle-track", "en")


def test_what_a_revision_remembers() -> None:
    found, _ = options(
        "--subtitles", "dir/a.srt", "--narration", "3", "--narrator", "llm", "--llm-key", "sk-1", "--run-over"
    )
    assert found.remembered() == ["--subtitles a.srt", "--narration 3", "--narrator llm", "--run-over"]


def test_a_key_is_never_shown() -> None:
    _, found = options("--llm-key", "sk-1")
    assert found.key == "sk-1" and "sk-1" not in repr(found) and to_options(found) == []


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {"TRAILERGEN_LLM_KEY": "k"}, None),
        (["--narrator", "auto"], {}, None),
        (["--narrator", "auto"], {"TRAILERGEN_LLM_KEY": "k"}, Endpoint(DEFAULT_URL, DEFAULT_MODEL, "k")),
        (["--narrator", "auto"], {"OPENAI_API_KEY": "o"}, None),  # of which model, nobody said
        (["--narrator", "llm", "--llm-key", "a"], {"TRAILERGEN_LLM_KEY": "k"}, Endpoint(key="a")),
        (["--narrator", "llm"], {"TRAILERGEN_LLM_URL": "http://[::1]:1"}, Endpoint("http://[::1]:1")),
        (["--narrator", "llm"], {"TRAILERGEN_LLM_MODEL": "m", "TRAILERGEN_LLM_KEY": "k"}, Endpoint(model="m", key="k")),
    ],
)
def test_whom_is_asked(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: dict[str, str], expected: Any
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert endpoint(*arguments) == expected


def test_openais_key_alone_is_not_enough_for_llm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    with pytest.raises(UsageError, match="no model is named") as caught:
        endpoint("--narrator", "llm")
    assert "sk-other" not in str(caught.value)


def test_llm_without_any_server_says_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRAILERGEN_LLM_KEY", "TRAILERGEN_LLM_URL", "TRAILERGEN_LLM_MODEL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UsageError, match="TRAILERGEN_LLM_KEY"):
        endpoint("--narrator", "llm")
    with pytest.raises(UsageError, match="needs a key"):
        endpoint("--narrator", "llm", "--llm-url", "https://example.org")
