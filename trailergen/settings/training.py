"""Settings of a training; the defaults are the paper's (section 4.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from trailergen.errors import UsageError
from trailergen.settings.group import Group
from trailergen.settings.option import option
from trailergen.settings.plan import SSMP, MethodName


@dataclass(frozen=True)
class TrainingDataSettings(Group):
    """Examples from a dataset, and the number of times they are seen."""

    panel: ClassVar[str] = "Data"

    labels: Literal["auto", "stored", "paper", "reject"] = option(
        "auto",
        help="Source of the labels of trailer shots: the dataset (stored), eq. 1 (paper), eq. 1 without what lies "
        "below --reject-below (reject), or the dataset where it stores labels and eq. 1 elsewhere (auto).",
    )
    reject_below: float = option(
        0.6,
        help="Cosine below which --labels reject leaves a trailer shot without a label.",
        unit="COSINE",
        least=-1,
        most=1,
    )
    channels: Literal["none", "context", "context+text"] = option(
        "none",
        help="Input of the model for a shot: its features alone, for one encoder (none, as in the paper), or "
        "rotation-augmented PCA features and context channels, for every encoder (context), and what is said in the "
        "shot (context+text).",
    )
    epochs: int = option(500, help="Passes over all pairs of film and trailer.", unit="N", least=1)
    batch: int = option(5, help="Pairs in one step, on all GPUs together.", unit="PAIRS", least=1)


@dataclass(frozen=True)
class OptimizerSettings(Group):
    """AdamW and its learning rate, which rises in a line and falls along half a cosine."""

    panel: ClassVar[str] = "Optimizer (AdamW)"

    learning_rate: float = option(1e-4, help="Learning rate at its peak.", unit="RATE", least=1e-9, most=1)
    warmup: float = option(
        0.1, help="Share of the steps in which the learning rate rises to its peak.", unit="SHARE", least=0, most=1
    )
    weight_decay: float = option(0.1, help="Weight decay of matrices; vectors have none.", unit="DECAY", least=0)
    beta2: float = option(
        0.95, help="Decay of AdamW's second moments from step to step.", unit="SHARE", least=0, most=0.99999
    )
    clip: float = option(
        1.0,
        help="Largest norm of the gradients, which the paper does not name; 0 leaves them as they are.",
        unit="NORM",
        least=0,
    )


@dataclass(frozen=True)
class ObjectiveSettings(Group):
    """The loss, and the mask ratio t_n from step to step with the symbols of eq. 6."""

    panel: ClassVar[str] = "Loss and mask ratio (eq. 4 to 6)"

    loss: Literal["ce", "mse"] = option(
        "ce", help="Loss of hidden positions: cross-entropy (eq. 4) or squared error (Table 6)."
    )
    schedule: Literal["self-paced", "random", "increasing", "decreasing"] = option(
        "self-paced",
        help="Course of the mask ratio: with the accuracy (eq. 6), or at random, up or down in a line (Table 3).",
    )
    mu_a: float = option(
        0.98, help="Weight of the current accuracy against its momentum, mu_a of eq. 6.", unit="SHARE", least=0, most=1
    )
    mu_t: float = option(
        0.1, help="Weight of the current mask ratio against the new one, mu_t of eq. 6.", unit="SHARE", least=0, most=1
    )
    beta: float = option(10.0, help="Steepness of the sigmoid in eq. 6.", unit="FACTOR", least=0, most=1000)
    t_min: float = option(0.1, help="Smallest mask ratio, of every schedule.", unit="SHARE", least=0.001, most=1)
    t_max: float = option(1.0, help="Largest mask ratio, of every schedule.", unit="SHARE", least=0.001, most=1)
    no_monotone: bool = option(
        False, help="Let the self-paced mask ratio fall again, that is, leave out the third line of eq. 6."
    )

    def check(self) -> None:
        """Raises UsageError for a smallest mask ratio above the largest."""
        if self.t_min > self.t_max:
            raise UsageError(f"--t-min {self.t_min} is above --t-max {self.t_max}")


@dataclass(frozen=True)
class ModelSettings(Group):
    """Size of SSMP."""

    panel: ClassVar[str] = "Model"

    width: int = option(1024, help="Size of the hidden representation, a multiple of twice --heads.", unit="N", least=2)
    layers: int = option(4, help="Blocks of the Transformer.", unit="N", least=1)
    heads: int = option(4, help="Attention heads of a block.", unit="N", least=1)
    ffn: int = option(2048, help="Inner size of the feed-forward, eq. 11.", unit="N", least=1)
    logit_scale: float = option(
        1.0,
        help="Factor on the cosines of eq. 3, which has none; models smaller than the paper's need 10 or 20.",
        unit="FACTOR",
        least=0.01,
    )
    local_attention_init: bool = option(
        False,
        name="local-start",
        help="Begin with heads that attend to neighbouring positions, and learn token-type embeddings.",
    )


@dataclass(frozen=True)
class TrainedMethodSettings(Group):
    """The method that is trained, and films that are simulated for it."""

    panel: ClassVar[str] = "Method"

    method: MethodName = option(SSMP, help="What is trained: SSMP, or another method that learns (docs/baselines.md).")
    simulated: int = option(
        0, help="Learn from so many simulated films in place of DATASET, with --method.", unit="FILMS", least=0
    )

    def check(self) -> None:
        """Raises UsageError for simulated films without another method: SSMP's are those of the starter."""
        if self.simulated and self.method == SSMP:
            raise UsageError("--simulated is for another --method", "the starter is SSMP trained on simulated films")


@dataclass(frozen=True)
class TrainingRunSettings(Group):
    """Random draws, and the continuation of an interrupted run."""

    panel: ClassVar[str] = "Run"

    seed: int = option(
        0, help="Seed of the first weights, the order of the pairs and the masks.", unit="N", least=0, most=2**62
    )
    save_every: int = option(
        100, help="Steps after which the state of the run is saved, each time anew.", unit="STEPS", least=1
    )
    precision: Literal["auto", "fp32", "bf16"] = option(
        "auto",
        help="Precision of the forward pass and its gradients: single (fp32), or bfloat16 but for cosines, losses and "
        "weights (bf16); by default bf16 on a GPU and fp32 on a CPU.",
    )
    no_resume: bool = option(False, help="Start again, even where the same command was interrupted and left its state.")


@dataclass(frozen=True)
class TrainingSettings:
    """Everything that is asked of a training beside its dataset."""

    data: TrainingDataSettings = field(default_factory=TrainingDataSettings)
    optimizer: OptimizerSettings = field(default_factory=OptimizerSettings)
    objective: ObjectiveSettings = field(default_factory=ObjectiveSettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    method: TrainedMethodSettings = field(default_factory=TrainedMethodSettings)
    run: TrainingRunSettings = field(default_factory=TrainingRunSettings)
