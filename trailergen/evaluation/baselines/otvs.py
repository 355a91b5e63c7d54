"""OTVS: a summary of the shots that captions tell most about, by optimal transport (Wang et al. 2023).

"Self-supervised Video Summarization Guided by Semantic Inverse Optimal Transport", ACM Multimedia 2023; the authors'
public code (Dixin-Lab/Video-Summary-IOT) was read for what follows. A summariser: it knows no trailers and does not
order shots.

Inputs: vectors v_i of the film's shots, of unit length, and vectors w_i of a caption of each, in a space of texts.

Training, first of a two-layer perceptron f from texts to shots, f(w) of unit length, by solving

    min_f  mean_i |v_i - f(w_i)|^2 + KL(D || 1 - I) + gamma <C, T>
    D_ij = |f(w_i) - f(w_j)|^2,   C_ij = |v_i - f(w_j)|^2
    T = argmin  <C, T> + tau (KL(T 1 || uniform) + KL(T' 1 || uniform)),    of mass 1, by Bregman ADMM

where 1 - I has ones but on its diagonal, so that KL drives the texts towards equal distances from each other. As the
code brings the distances to a common scale first, it is the same at every scale: what keeps f from making all texts one
is the first term alone.

Then each shot gets a pseudo-score from C, T (tau = 0.1) and its distance from the shots around it
(``pseudo_scores.py``), and a Transformer encoder (published: six layers, eight heads) learns to tell the scores from
the shots alone, by squared error. Published: Adam, one video a step, 100 epochs each, at 1e-3 and then 1e-5, weight
decay 1e-3, gradients clipped at 5; f is trained on all videos, and the epoch of best F-score on the test videos kept.

Output: the 0/1 knapsack of the scores told, in film order.

Approximated, and why:

* As in the published code, the third term is left out of the training of f: T is computed for the scores only.
* KL compares distributions: D is brought to sum 1, and so is 1 - I, and its terms are added. The published code divides
  D by its maximum, which is no distribution and least where distances are 1 / e of the greatest, and takes the mean of
  the terms over all pairs, so that KL weighs less.
* The selector attends over the film, with the places of shots. The published code hands the encoder each frame as a
  sequence of length one, so that none attends to another and all have the place 0: a perceptron of single frames.
* T by generalised Sinkhorn scaling with an entropy of 0.01 (``transport.py``) instead of Bregman ADMM (published: step
  0.01, error 0.01, 2,000 rounds).
* A film's shots have one caption each, where the original describes windows of a number of frames; a shot's vector
  takes the place of the mean over a window. Captions that are missing (rows of zeros) are left out. Of real films the
  words spoken around a shot stand for its caption, where no captioner is asked for.
* Both stages share the steps of the common budget, half each, with its width, heads, layers, films a step, optimizer
  and learning rate, and no dropout; films are shown as they are, as scores belong to films.
* Scores below 0, which the selector may tell, count as 0 in the knapsack.
* The summary is as long as the trailer (``knapsack.py``), where published ones are 15 % of a video.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trailergen.evaluation.baselines.knapsack import SUMMARY_USES, summary
from trailergen.evaluation.baselines.layers import encoder, sinusoids
from trailergen.evaluation.baselines.learned import FilmMethod, Sizes
from trailergen.evaluation.baselines.pseudo_scores import pseudo_scores
from trailergen.evaluation.baselines.transport import relaxed_plan, squared_distances
from trailergen.evaluation.budget import TrainingBudget, fit_module, seeded_module
from trailergen.evaluation.films import Film
from trailergen.ssmp.model import ModelConfig
from trailergen.training.batches import Example
from trailergen.training.films import FilmFacts


class ScoreNetwork(nn.Module):
    """The keyframe selector: shots (I, D) to scores (I,), unbounded."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.in_proj = nn.Linear(config.feature_dim, config.width)
        self.encoder = encoder(config, config.layers)
        self.out_proj = nn.Linear(config.width, 1)

    def forward(self, film: Tensor) -> Tensor:
        """(I, D) to (I,)."""
        hidden = self.in_proj(F.normalize(film, dim=1))
        scores: Tensor = self.out_proj(self.encoder(hidden + sinusoids(*hidden.shape).to(hidden)))
        return scores[:, 0]


class OTVS(FilmMethod[ScoreNetwork]):
    """Semantic inverse optimal transport as a ``Method``."""

    needs = frozenset({"captions"})
    uses = SUMMARY_USES
    words = "captions"

    @staticmethod
    def build(config: ModelConfig, sizes: Sizes) -> ScoreNetwork:
        """The selector, which reads shots alone."""
        return ScoreNetwork(config)

    def learn(self, examples: Sequence[Example], seed: int) -> ScoreNetwork:
        """Train f, compute the scores, and train the selector."""
        first = replace(self.budget, augment=None, steps=self.budget.steps // 2)
        second = replace(first, steps=self.budget.steps - first.steps)
        projector = fit_projector(examples, first, self.sizes, seed)
        scores = {id(example): torch.from_numpy(film_scores(projector, example)).float() for example in examples}
        network = seeded_module(lambda: self.build(self.budget.model, self.sizes), seed)

        def loss(batch: Sequence[Example]) -> Tensor:
            return torch.stack([F.mse_loss(network(example.film), scores[id(example)]) for example in batch]).mean()

        fit_module(network, loss, second, examples, seed)
        return network

    def choose(self, network: ScoreNetwork, film: Film) -> list[int]:
        """See ``FilmMethod``."""
        return summary(network(film.features).clamp(min=0).numpy(), film)


def fit_projector(examples: Sequence[Example], budget: TrainingBudget, sizes: Sizes, seed: int) -> nn.Module:
    """f, trained: texts (N, E) to the space of shots (N, D)."""
    length, width = budget.model.feature_dim, budget.model.width
    projector = seeded_module(
        lambda: nn.Sequential(nn.Linear(sizes.words, width), nn.ReLU(), nn.Linear(width, length)), seed
    )

    def loss(batch: Sequence[Example]) -> Tensor:
        return torch.stack([projection_loss(projector, *paired(example)) for example in batch]).mean()

    fit_module(projector, loss, budget, examples, seed)
    return projector


def paired(example: Example) -> tuple[Tensor, Tensor]:
    """The shots (N, D) that have a caption, of unit length, and their captions (N, E)."""
    captions = _captions(example.film_facts)
    told = captions.abs().amax(dim=1) > 0
    return F.normalize(example.film[told], dim=1), captions[told]


def projection_loss(projector: nn.Module, shots: Tensor, captions: Tensor) -> Tensor:
    """Mean squared distance of shots (N, D) from their projected captions, and KL(D || 1 - I)."""
    texts = F.normalize(projector(captions), dim=1)
    count = len(texts)
    gap = (shots - texts).square().sum(dim=1).sum() / max(count, 1)
    if count < 2:
        return gap
    apart = squared_distances(texts, texts)[~torch.eye(count, dtype=torch.bool)] + 1e-9
    share = apart / apart.sum()
    return gap + (share * (share * count * (count - 1)).log()).sum()


@torch.no_grad()
def film_scores(projector: nn.Module, example: Example) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The pseudo-scores (I,) of a film."""
    shots = F.normalize(example.film.double(), dim=1)
    _, captions = paired(example)
    if not len(captions):
        return pseudo_scores(shots.numpy(), None, None)
    cost = squared_distances(shots, F.normalize(projector(captions).double(), dim=1)).numpy()
    return pseudo_scores(shots.numpy(), relaxed_plan(cost), cost)


def _captions(facts: FilmFacts | None) -> Tensor:
    captions = OTVS.words_of(facts)
    if captions is None:
        raise ValueError("the film has no captions")
    return captions
