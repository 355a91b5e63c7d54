from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from trailergen.cli.narration_options import NarrationOptions
from typer.testing import CliRunner

from trailergen.cli.groups import spread
from trailergen.dialogue.endpoint import DEFAULT_MODEL, DEFAULT_URL, Endpoint
from trailergen.errors import UsageError
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


def options(*arguments: str) -> NarrationOptions:
    """The options as a command gets them."""
    seen: list[NarrationOptions] = []
    app = typer.Typer()

    @app.command()
    @spread
    def speak(*, narration: NarrationOptions) -> None:
        seen.append(narration)

    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return seen[0]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], NarrationSettings()),
        (["--subtitles", "a.srt"], NarrationSettings(subtitles=Path("a.srt"))),
        (["--subtitle-track", "en"], NarrationSettings(track="en")),
        (["--narration", "off"], NarrationSettings(lines="off")),
        (["--narration", "auto"], NarrationSettings(lines="auto")),
        (["--narration", "0"], NarrationSettings(lines=0)),
        (["--narration", "999"], NarrationSettings(lines=999)),
        (["--narrator", "llm", "--describer", "minicpm"], NarrationSettings(narrator="llm", describer="minicpm")),
        (["--narrator", "auto", "--run-over"], NarrationSettings(narrator="auto", run_over=True)),
    ],
)
def test_options_are_settings(arguments: list[str], expected: NarrationSettings) -> None:
    found = options(*arguments)
    assert found.settings() == expected
    assert bool(found.asked()) == bool(arguments)


@pytest.mark.parametrize("lines", ["1000", "-1", "2.5", "many", "", "\u0663", "0001000", "9" * 5000])
def test_what_is_no_number_of_lines_is_refused(lines: str) -> None:
    with pytest.raises(UsageError, match="no number of lines"):
        options("--narration", lines).settings()


def test_two_sources_are_one_too_many() -> None:
    with pytest.raises(UsageError, match="two sources"):
        options("--subtitles", "a.srt", "--subtitle-track", "en").settings()


def test_what_a_revision_remembers() -> None:
    found = options(
        "--subtitles", "dir/a.srt", "--narration", "3", "--narrator", "llm", "--llm-key", "sk-1", "--run-over"
    )
    assert found.asked() == ["--subtitles a.srt", "--narration 3", "--narrator llm", "--run-over"]


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
    assert options(*arguments).endpoint() == expected


def test_openais_key_alone_is_not_enough_for_llm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    with pytest.raises(UsageError, match="no model is named") as caught:
        options("--narrator", "llm").endpoint()
    assert "sk-other" not in str(caught.value)


def test_llm_without_any_server_says_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRAILERGEN_LLM_KEY", "TRAILERGEN_LLM_URL", "TRAILERGEN_LLM_MODEL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UsageError, match="TRAILERGEN_LLM_KEY"):
        options("--narrator", "llm").endpoint()
    with pytest.raises(UsageError, match="needs a key"):
        options("--narrator", "llm", "--llm-url", "https://example.org").endpoint()
