"""The form of a weights file, checked without loading or executing anything in it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

# Bytes of a file's beginning that tell a web page from weights.
HEAD_BYTES = 64
# The safetensors library refuses longer headers too.
_LONGEST_HEADER = 100_000_000
_SAFETENSORS = ".safetensors"
_CTRANSLATE2 = "model.bin"
"""The name that CTranslate2 gives every model."""
_TEXTS = (".json", ".txt")


def wrong_head(head: bytes, name: str) -> str | None:
    """The reason why a file of that name that begins with ``head`` cannot be weights; None if it may be.

    ``head`` holds the first HEAD_BYTES bytes, or all there are.
    """
    if name.endswith(_SAFETENSORS):
        right = head[8:9] == b"{" and int.from_bytes(head[:8], "little") <= _LONGEST_HEADER
    elif name == _CTRANSLATE2:
        # Version of the format, length of the name of the model's class, that name.
        right = head[1:4] == bytes(3) and head[6:].partition(b"\0")[0].endswith(b"Spec")
    elif name.endswith(_TEXTS):
        right = not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
            (b"<!", b"<html", b"<?xml", b"version https://git-lfs")
        )
        right = right and b"\0" not in head
    else:
        right = head.startswith((b"PK\x03\x04", b"\x80\x02"))  # what torch.save has written since 1.6, and before
    if right:
        return None
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return "it is a web page, not weights"
    if text.startswith((b"{", b"[")):
        return "it is a JSON text, not weights"
    if text.startswith(b"version https://git-lfs"):
        return "it is a pointer of Git LFS to weights, not weights"
    return "it begins neither as safetensors nor as a file of torch.save or CTranslate2"


def wrong_form(path: Path, name: str) -> str | None:
    """The reason why a whole file, to be named ``name``, cannot be weights; None if its form is right.

    That is safetensors, or what torch.save writes, a zip file with a pickle in it. Both tell
    their own length, so that a file cut short is found out. Of a model of CTranslate2 only the beginning is looked at,
    of its JSON texts all. Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if wrong := wrong_head(head, name):
            return wrong
        file.seek(0)
        if name == _CTRANSLATE2 or name.endswith(_TEXTS):
            return _unreadable_json(file.read()) if name.endswith(".json") else None
        if name.endswith(_SAFETENSORS):
            file.seek(8)
            length = int.from_bytes(head[:8], "little")
            return _wrong_header(file.read(length), length, path.stat().st_size)
        try:
            with zipfile.ZipFile(file) as archive:
                names = archive.namelist()
        except zipfile.BadZipFile as error:
            return f"it is no whole file of torch.save: {error}"
    return None if any(name.endswith("data.pkl") for name in names) else "it is a zip file without a model in it"


def _unreadable_json(text: bytes) -> str | None:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return "it is no whole JSON text"
    return None


def _wrong_header(header: bytes, length: int, size: int) -> str | None:
    try:
        tensors = json.loads(header)
        ends = [tensor["data_offsets"][1] for name, tensor in tensors.items() if name != "__metadata__"]
        right = len(header) == length and size == 8 + length + max(ends, default=0)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return "its safetensors header cannot be read"
    return None if right else "its length is not what its safetensors header says"
