"""The place where a desk listens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from trailergen.settings.group import Group
from trailergen.settings.option import option


@dataclass(frozen=True)
class DeskSettings(Group):
    """Address of the desk's page, and whether it is opened. Other machines reach it only by another ``host``."""

    panel: ClassVar[str] = "Desk"

    host: str = option(
        "127.0.0.1", help="Address to listen at. Any but the default lets others in who know the secret."
    )
    port: int = option(0, help="Port to listen at; 0 is any that is free.", unit="N", least=0, most=65535)
    no_browser: bool = option(False, help="Print the address of the page without opening it.")

    @property
    def browser(self) -> bool:
        """True where the page is to be opened."""
        return not self.no_browser
