"""Pages that load nothing: a template with its style and script, under a policy that lets only these two run."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from typing import Any

import jinja2

# What HTML has no way to write, or UTF-8 none to encode.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def fill_page(package: str, name: str, *, palette: str = "", **values: Any) -> str:
    """The page of the package's ``name.html``, which is given ``values``, escaped, and ``name.css`` and ``name.js``.

    ``palette`` is a style that comes before the page's own.

    ``style_hash`` and ``script_hash`` are for the template's Content-Security-Policy: hashes of the very text, so that
    nothing else on the page can run, whatever the values hold.
    """
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style, script = palette + _packaged(package, f"{name}.css"), _packaged(package, f"{name}.js")
    page = environment.from_string(_packaged(package, f"{name}.html")).render(
        style=style, style_hash=_csp_hash(style), script=script, script_hash=_csp_hash(script), **values
    )
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", page)


def palette() -> str:
    """The colours and faces of the storyboard and the desk, for light and for dark."""
    return _packaged(__package__, "palette.css")


def data_uri(kind: str, data: bytes) -> str:
    """A file as a reference that holds it; ``kind`` is its media type."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _packaged(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def _csp_hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
