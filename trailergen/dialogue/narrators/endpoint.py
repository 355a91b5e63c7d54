"""The endpoint of a language model: its address, its name, and the key to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from trailergen.errors import UsageError
from trailergen.runtime.offline import is_this_machine, network_forbidden

DEFAULT_URL = "https://api.deepseek.com"
DEFAULT_MODEL = "deepseek-chat"
"""The paper's DeepSeek-V3 by the name its makers serve it under."""
_OPENAI_URL = "https://api.openai.com/v1"
_KEY_HINT = "set TRAILERGEN_LLM_KEY, or name a server of your own with --llm-url"
_TIMEOUT_S = 120.0


@dataclass(frozen=True)
class Endpoint:
    """A server that speaks OpenAI's protocol. ``timeout`` in seconds, for a whole answer; the key is never shown."""

    url: str = DEFAULT_URL
    model: str = DEFAULT_MODEL
    key: str = field(default="", repr=False)
    timeout: float = _TIMEOUT_S

    @property
    def host(self) -> str:
        """The server's name without anything secret that its address may hold."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_local(self) -> bool:
        """True if it runs on this machine: then no key is needed, and ``--offline`` allows it."""
        return is_this_machine(self.host)

    def check(self) -> None:
        """Raises UsageError if it cannot be asked: no address, no key, or ``--offline``."""
        try:
            parts = urlsplit(self.url)
            valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            valid = False
        if not valid:
            raise UsageError("--llm-url is no address", hint=f"write it like {DEFAULT_URL}")
        if not self.model.strip():
            raise UsageError("--llm-model names no model", hint=f"write it like {DEFAULT_MODEL}")
        if network_forbidden() and not self.is_local:
            raise UsageError(
                f"--offline forbids asking the language model at {self.host}",
                hint="use --narrator extractive, or a server on 127.0.0.1",
            )
        if not self.key and not self.is_local:
            raise UsageError(f"--narrator llm needs a key for {self.host}", hint=_KEY_HINT)
        # What cannot stand in a header would be quoted, key and all, by whoever finds that out.
        if not (self.key.isascii() and self.key.isprintable()) or " " in self.key:
            raise UsageError("the key for the language model has characters that no key has", hint=_KEY_HINT)


def no_endpoint() -> UsageError:
    """The error where a language model is asked for and none is known."""
    return UsageError(
        "--narrator llm needs a language model",
        "no key and no address of one is known",
        "set TRAILERGEN_LLM_KEY to a key for DeepSeek, or name another server with --llm-url and --llm-model",
    )


def find_endpoint(
    url: str | None, model: str | None, key: str | None, environment: Mapping[str, str]
) -> Endpoint | None:
    """The endpoint of these options, else of OPENAI_API_KEY and OPENAI_BASE_URL; None where nothing names one.

    A key is sent nowhere but where it belongs: OPENAI_API_KEY to OPENAI_BASE_URL, OpenAI, or the address given, never
    to the default server, and then the model must be named.

    Raises:
        UsageError: OpenAI's key is there, but no model is named.
    """
    key = (key or "").strip()
    theirs = environment.get("OPENAI_API_KEY", "").strip()
    if key or not theirs:
        if not (key or url or model):
            return None
        return Endpoint(url or DEFAULT_URL, model or DEFAULT_MODEL, key)
    if not model:
        raise UsageError(
            "OPENAI_API_KEY is set, but no model is named", hint="say which with --llm-model, or set TRAILERGEN_LLM_KEY"
        )
    return Endpoint(url or environment.get("OPENAI_BASE_URL") or _OPENAI_URL, model, theirs)
