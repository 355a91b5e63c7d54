"""Addresses of files on the machine that a timeline is opened on, which need not be this one."""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from urllib.parse import quote

from trailergen.errors import PlanError, UsageError

_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://([^/]*)(.*)", re.DOTALL)
_UNESCAPED = "/:@!$&'()*+,;=-._~%"
_EXAMPLES = "write it as that machine does: /Volumes/Films, 'D:\\Films', '\\\\nas\\films' or smb://nas/films"


@dataclass(frozen=True)
class Address:
    """The name of a file, its URL, and its path, None where it has only a URL."""

    name: str
    url: str
    path: PurePath | None

    @property
    def place(self) -> str:
        """The path, or the URL where it has only that."""
        return self.url if self.path is None else str(self.path)


@dataclass(frozen=True)
class MediaRoot:
    """A folder on the machine of an editor: a path, or a URL that does not end in a slash."""

    path: PurePath | None
    url: str = ""

    def file(self, name: str) -> Address:
        """The address of a file in it. Raises PlanError."""
        if self.path is None:
            return Address(name, f"{self.url}/{_quoted(name)}", None)
        return _address(self.path / name)


def parse_media_root(text: str) -> MediaRoot:
    """A folder as an editor's machine names it: of Windows, a share, of macOS or Linux, or a URL.

    Raises:
        UsageError: it is none, or what it means hangs on the machine it is read on.
    """
    if (drive := re.fullmatch(r"file:(/(?!/).*)", text, re.IGNORECASE | re.DOTALL)) is not None:
        text = f"file://{drive[1]}"
    if url := _URL.fullmatch(text):
        return _url_root(text, url)
    if text.startswith(("\\\\?\\", "\\\\.\\")):
        text = re.sub(r"^\\\\[?.]\\(UNC\\)?", lambda found: "\\\\" if found[1] else "", text, flags=re.IGNORECASE)
    if re.match(r"[A-Za-z]:|[\\/]{2}", text):
        return MediaRoot(_windows_root(text))
    if text.startswith("/") and "\0" not in text:
        return MediaRoot(PurePosixPath(posixpath.normpath(text)))
    raise _refused(text, _why_not(text))


def file_address(path: str) -> Address:
    """The address of a file that a plan names, which a Windows machine may have written. Raises PlanError."""
    return _address(PureWindowsPath(path) if _WINDOWS.match(path) else Path(os.path.abspath(path)))


def _address(path: PurePath) -> Address:
    """The address of an absolute path: in its URL everything but letters, digits, ``/`` and ``-._~`` is escaped."""
    try:
        return Address(path.name, path.as_uri(), path)
    except ValueError as error:
        raise _no_path(str(path), error) from error


def _quoted(name: str) -> str:
    try:
        return quote(name, safe="")
    except UnicodeError as error:
        raise _no_path(name, error) from error


def _no_path(path: str, error: ValueError) -> PlanError:
    return PlanError(f"{path!r} is no path a file can have", str(error))


def _windows_root(text: str) -> PureWindowsPath:
    """A drive, a folder on one, or a share. Raises UsageError."""
    path = PureWindowsPath(f"{text}\\" if re.fullmatch(r"[A-Za-z]:", text) else text)
    if not path.drive or not path.root:
        share = text[0] in "\\/"
        raise _refused(text, "it names a machine but no share" if share else "it hangs on a drive's current folder")
    if ".." in path.parts:
        raise _refused(text, "it holds ..")
    return path


def _url_root(text: str, url: re.Match[str]) -> MediaRoot:
    scheme, host, path = url[1].lower(), url[2], url[3].replace("\\", "/")
    if "?" in path or "#" in path:
        raise _refused(text, "an address of a folder has no ? and no #")
    if not path.strip("/") and scheme != "file":
        raise _refused(text, "it names a machine but no share")
    if not path or "\0" in text or re.search(r"\s", host):
        raise _refused(text, "it names no folder")
    # What is escaped stays so, what is not becomes so.
    host = quote(host, safe=f"{_UNESCAPED}[]")
    path = quote(re.sub("%(?![0-9A-Fa-f]{2})", "%25", path.rstrip("/")), safe=_UNESCAPED)
    return MediaRoot(None, f"{scheme}://{host}{path}")


def _why_not(text: str) -> str:
    if not text.strip():
        return "it is empty"
    if text.startswith("~"):
        return "whose home ~ is hangs on the machine"
    if text.startswith("\\"):
        return "it names no drive"
    return "it hangs on the folder it is read in"


def _refused(text: str, why: str) -> UsageError:
    return UsageError(f"--media-root {text!r} is no folder on another machine", why, _EXAMPLES)
