"""Several films with one command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from trailergen.errors import UsageError
from trailergen.settings.group import Group
from trailergen.settings.option import option


@dataclass(frozen=True)
class BatchSettings(Group):
    """Workers or a cluster, films at once, and the effect of a failure."""

    panel: ClassVar[str] = "Several films"

    jobs: int | None = option(
        None,
        help="Films that are made at once.",
        unit="N",
        least=1,
        most=65536,
        default_text="1, or what a Ray cluster has room for",
    )
    keep_going: bool = option(False, help="Make the other films when one has failed.")
    ray: str | None = option(
        None, help="Make the films on a Ray cluster at this address, see docs/batch.md.", unit="ADDRESS"
    )
    ray_gpus: float = option(0.0, help="GPUs that one film asks Ray for, as 0.25.", unit="SHARE", least=0, most=1024)

    def check(self) -> None:
        """Raises UsageError for GPUs of no cluster."""
        if self.ray_gpus and self.ray is None:
            raise UsageError("--ray-gpus is for films that are made on a Ray cluster", hint="add --ray ADDRESS")
