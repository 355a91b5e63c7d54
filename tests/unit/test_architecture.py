"""docs/architecture.md says what the import contracts and the folders say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_page_lists_the_packages_in_the_order_of_the_contract() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    layers = [set(re.findall(r"\w+", line)) - {"__main__"} for line in contract["layers"]]
    rows = [
        (int(number), set(re.findall(r"`([a-z]+)`", names)))
        for number, names in re.findall(r"^\| (\d+) \| (.+?) \|", PAGE, re.M)
    ]
    listed: dict[int, set[str]] = {}
    for number, names in rows:
        listed.setdefault(number, set()).update(names)
    assert [listed[number] for number in sorted(listed)] == [names for names in layers if names]


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`((?:\w+/)+[\w*]+\.py)`", PAGE))
    assert len(named) > 10
    for name in named:
        pattern = name.replace("NAME", "*")
        assert any(root.glob(pattern) for root in (ROOT, ROOT / "trailergen")), name
