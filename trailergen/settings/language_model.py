"""The language model that may be asked for lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from trailergen.settings.group import Group
from trailergen.settings.option import option


@dataclass(frozen=True)
class LanguageModelSettings(Group):
    """A server that speaks OpenAI's protocol. Of a run and not of a trailer: no part of a plan's provenance."""

    panel: ClassVar[str] = "Lines"

    url: str | None = option(
        None,
        help="Address of a language model's server that speaks OpenAI's protocol.",
        name="llm-url",
        unit="URL",
        envvar="TRAILERGEN_LLM_URL",
        default_text="DeepSeek's",
    )
    model: str | None = option(
        None,
        help="Name of the language model.",
        name="llm-model",
        unit="NAME",
        envvar="TRAILERGEN_LLM_MODEL",
        default_text="deepseek-chat",
    )
    key: str | None = option(
        None,
        help="Key to the language model's server. In the environment other users do not see it.",
        name="llm-key",
        unit="KEY",
        envvar="TRAILERGEN_LLM_KEY",
        secret=True,
    )
