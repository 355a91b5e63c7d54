"""One setting: a field of a settings dataclass that knows its unit, its limits, its help and its text.

A settings dataclass is a frozen dataclass derived from ``Group`` (see group.py) whose fields are made by
``option``. The command line, the columns of a batch, a plan's provenance and the commands of a storyboard are all
derived from what ``option`` notes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from trailergen.errors import UsageError

_KEY = "trailergen.option"
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")


@dataclass(frozen=True)
class Option:
    """The facts of one option beside its name, type and default.

    Attributes:
        help: one sentence.
        unit: of the value, in capitals, as the help shows it: ``SECONDS``, ``FILE``.
        least, most: limits of a number, both allowed.
        name: of the option without dashes; None for the field's.
        short: a single letter, without its dash.
        aliases: older names, read and never shown.
        envvar: environment variable that is read where the command line says nothing.
        secret: never written anywhere.
        panel: heading of the help under which the option stands; None for the group's.
        word: the text that means None where None is not the default.
        example: text that would do, for error messages.
        read: text to value where the type does not say how; of an option that may be repeated, to a tuple of values.
            Raises UsageError, or ValueError with what is wrong.
        write: value to text, the reverse of ``read``.
        check: normalises a value, or raises ValueError with what is wrong.
        default_text: what the help says of a default that is None.
        file_suffix: ending of the texts that name a file, where others do not.
        adds: values of one film of a batch are added to those for all films instead of replacing them.
    """

    help: str
    unit: str | None = None
    least: float | None = None
    most: float | None = None
    name: str | None = None
    short: str | None = None
    aliases: tuple[str, ...] = ()
    envvar: str | None = None
    secret: bool = False
    panel: str | None = None
    word: str | None = None
    example: str | None = None
    read: Callable[[str], Any] | None = None
    write: Callable[[Any], str] | None = None
    check: Callable[[Any], Any] | None = None
    default_text: str | None = None
    adds: bool = False
    file_suffix: str | None = None


def option(default: Any, *, help: str, **facts: Any) -> Any:
    """A dataclass field with this default and the facts of ``Option``."""
    found = Option(help=help, **facts)
    return field(default=default, repr=not found.secret, metadata={_KEY: found})


def option_of(metadata: Any) -> Option:
    """The facts that ``option`` put into a field's metadata."""
    found: Option = metadata[_KEY]
    return found


@dataclass(frozen=True)
class Setting:
    """One field of a settings dataclass: how its value is checked, read from text and written as text."""

    field: str
    kind: Any
    default: Any
    facts: Option

    @property
    def name(self) -> str:
        """Of the option, without dashes, as columns of a batch are called."""
        return self.facts.name or self.field.replace("_", "-")

    @property
    def keyword(self) -> str:
        """The option's name as a keyword of Python."""
        return self.name.replace("-", "_")

    @property
    def flag(self) -> str:
        """The option: ``--cut-length``."""
        return f"--{self.name}"

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the option on a command line that are shown."""
        return (self.flag, f"-{self.facts.short}") if self.facts.short else (self.flag,)

    @property
    def type(self) -> Any:
        """The value's type without None."""
        return _without_none(self.kind)

    @property
    def is_flag(self) -> bool:
        """True for a value of yes or no."""
        return self.type is bool

    @property
    def many(self) -> bool:
        """True where the option may be repeated; its value is a tuple."""
        return get_origin(self.type) is tuple

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts that are allowed; empty where any text is."""
        if get_origin(self.type) is Literal:
            return tuple(str(choice) for choice in get_args(self.type))
        if isinstance(self.type, type) and issubclass(self.type, Enum):
            return tuple(str(choice.value) for choice in self.type)
        return ()

    @property
    def metavar(self) -> str:
        """The word for the value in the help; empty for a flag."""
        if self.is_flag:
            return ""
        return self.facts.unit or "|".join(self.choices) or "TEXT"

    def parse(self, *texts: str) -> Any:
        """The value that texts stand for; of several the last counts where the option cannot be repeated.

        Raises:
            UsageError: a text is none that is allowed.
        """
        if self.many:
            return self.check(tuple(part for text in texts for part in self._read(text)))
        return self.check(self._read(texts[-1]), texts[-1])

    def show(self, value: Any) -> tuple[str, ...]:
        """The texts of a value, one for each time that the option stands on the command line."""
        if value is None:
            return () if self.facts.word is None else (self.facts.word,)
        return tuple(self._write(part) for part in (value if self.many else (value,)))

    def check(self, value: Any, text: str | None = None) -> Any:
        """The value in its own type: text becomes a path, a list a tuple, an integer a float.

        Text of another type than the setting's is read as on the command line.

        Args:
            value: of the field.
            text: it was read from, for messages.

        Raises:
            UsageError: it is of another type, out of range or none of the choices.
        """
        if value is None and (self.default is None or self.facts.word is not None):
            return None
        try:
            if self.facts.check is not None:
                return self.facts.check(value)
            return self._typed(value)
        except TypeError as error:
            raise UsageError(f"{self.flag} {value!r} is of another type", hint=self._hint()) from error
        except (ValueError, UsageError) as error:
            raise self._refused(value if text is None else text, error) from error

    def _read(self, text: str) -> Any:
        if self.facts.word is not None and text == self.facts.word:
            return None
        if self.facts.read is not None:
            try:
                return self.facts.read(text)
            except (ValueError, UsageError) as error:
                raise self._refused(text, error) from error
        if self.is_flag:
            if (said := text.strip().lower()) not in (*_YES, *_NO):
                raise UsageError(f"{self.flag} is {text!r}", hint="write yes or no")
            return said in _YES
        kind = get_args(self.type)[0] if self.many else self.type
        try:
            value: Any = _number(text, kind) if kind in (int, float) else text
        except ValueError as error:
            raise self._refused(text, error) from error
        if kind is Path:
            value = Path(text)
        return (value,) if self.many else value

    def _write(self, value: Any) -> str:
        if self.facts.write is not None:
            return self.facts.write(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float):
            return repr(value).removesuffix(".0")
        return str(value.value if isinstance(value, Enum) else value)

    def _typed(self, value: Any) -> Any:
        kind = self.type
        if self.many:
            return tuple(_one(part, get_args(kind)[0], self) for part in value)
        return _one(value, kind, self)

    def _refused(self, given: Any, error: ValueError | UsageError) -> UsageError:
        if isinstance(error, UsageError):
            if error.what.startswith(self.flag):  # a part that was read as text said it already
                return error
            return UsageError(f"{self.flag} {given!r} {error.what}", error.why, error.hint or self._hint())
        return UsageError(f"{self.flag} {given!r} {error}", hint=self._hint())

    def _hint(self) -> str:
        if self.facts.example is not None:
            return f"write it like {self.facts.example}"
        if self.choices:
            *others, last = self.choices
            return f"write {', '.join(others)} or {last}" if others else f"write {last}"
        kind = get_args(self.type)[0] if self.many else self.type
        what = {int: "a whole number", float: "a number"}.get(kind, self.metavar)
        least, most = (None if edge is None else str(edge) for edge in (self.facts.least, self.facts.most))
        limits = f" from {least}" * (least is not None) + f" to {most}" * (most is not None)
        return f"write {what}{limits}" + (f", or {self.facts.word}" if self.facts.word else "")


def _one(value: Any, kind: Any, setting: Setting) -> Any:
    """A single value in its type. Raises ValueError or TypeError."""
    if isinstance(value, str) and not isinstance(value, Enum) and kind in (bool, int, float):
        return setting.parse(value)
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ValueError("is none of the choices")
        return value
    if kind is bool:
        if not isinstance(value, bool):
            raise ValueError("is neither yes nor no")
        return value
    if kind in (int, float):
        return _within(value, kind, setting.facts)
    if kind is Path:
        return Path(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError as error:
            raise ValueError("is none of the choices") from error
    if kind is str and not isinstance(value, str):
        raise ValueError("is no text")
    return value


def _within(value: Any, kind: type, facts: Option) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else int):
        raise ValueError("is no whole number" if kind is int else "is no number")
    found = kind(value)
    if not math.isfinite(found):
        raise ValueError("is no number")
    if facts.least is not None and found < facts.least:
        raise ValueError("is too small")
    if facts.most is not None and found > facts.most:
        raise ValueError("is too large")
    return found


def _number(text: str, kind: type) -> Any:
    """Raises ValueError for what is no number that people write."""
    stripped = text.strip()
    if kind is int:
        digits = stripped.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 100):
            raise ValueError("is no whole number")
        return int(stripped)
    try:
        return float(stripped)
    except ValueError as error:
        raise ValueError("is no number") from error


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        parts: Sequence[Any] = [part for part in get_args(kind) if part is not type(None)]
        return parts[0] if len(parts) == 1 else Union[tuple(parts)]  # noqa: UP007 (made at run time)
    return kind
