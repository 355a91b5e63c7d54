"""IPOT: shots matched to the music's segments by optimal transport that is learned in reverse (Wang et al. 2024).

"An Inverse Partial Optimal Transport Framework for Music-guided Trailer Generation", ACM Multimedia 2024; the authors'
public code (Dixin-Lab/Automatic-Movie-Trailer-Generator) was read for what follows. What is said to be the paper's is
second hand: of it abstract and introduction could be read.

Inputs: one vector for each of the film's I shots and one for each of the music's J segments, all of unit length.

Network: a tower for the shots and a like one for the segments, then each attends to the other:

    M_s = W_2 SA(W_1 m + positions),  A_s likewise of a           SA(x) = LayerNorm(x + attention(x, x)), 2 heads
    M = LayerNorm(M_s + attention(M_s, A_s)),  A = LayerNorm(A_s + attention(A_s, M_s))
    mu = sigmoid(w' M)                                            how likely each shot is chosen

all 256 wide; rows of M and A are brought to unit length before they are compared.

Training, on the official trailer, whose segments are its own shots. The inner problem, of the J shots of greatest mu,

    T^ = argmin_T <C, T> - H(T) / lambda,   C_ij = |M_i - A_j|^2,   T 1 = T' 1 = 1 / J

and the outer one minimises, with T the observed plan (1 where segment j shows shot i, plus 1e-7, then of sum 1),

    KL(T^ || T) + delta BCE(mu, shot is in the trailer),                lambda = delta = 1

with gradients through the Sinkhorn iterations. Published: Adam, one trailer a step, a cosine from 1e-4 (paper: 1e-5),
4,000 epochs, of which the network of epoch 500 is offered; the authors also offer music videos to train on beforehand.

Output: the J shots of greatest mu, placed by the exact plan of cost |M_i - A_j|^2 + eta |length_i - length_j| in
seconds, eta = 1, that is an assignment. One film shot for each segment, in the order of the music.

Approximated, and why:

* Width, steps, films a step, optimizer and learning rate are those of the common budget; dropout is left out.
* The music's features are what the film brings (of this project Mel statistics, where IPOT has ImageBind's vectors):
  they are standardised over the track and have an input layer of their own, as they are not in the space of shots.
  Features of shots are read as they are, not brought to unit length, as by all methods here. One that is fitted to the
  simulated films of ``train`` knows of the music its level alone.
* A shot that a trailer shows twice is observed at both segments and chosen once; in the published code at the first
  segment, and chosen twice.
* Sinkhorn iterations end after 100, or when rows have their mass to 1e-5; published: 1,000, or a change of 1e-7.
* No training on music videos beforehand: that data set is none of this project's.
* The published code chooses among the shots from 2 to 90 % of the film, and its generation takes their lengths from
  shots 2 % of the film away from them. Here all shots are open, as to all methods, and have their own lengths.
* Where the lengths of shots are not known, eta = 0.
* A film of fewer shots than segments leaves the segments out that its shots fit least.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from trailergen.evaluation.baselines.layers import Attention, sinusoids
from trailergen.evaluation.baselines.learned import FilmLossMethod, Sizes, needed, shown_shots, standardised
from trailergen.evaluation.baselines.transport import assign, sinkhorn_plan, squared_distances
from trailergen.evaluation.films import Film
from trailergen.ssmp.model import ModelConfig
from trailergen.training.batches import Example

_HEADS = 2
_SHARPNESS = 1.0
"""lambda"""
_SELECTION = 1.0
"""delta"""
_DURATION = 1.0
"""eta, per second"""
_ABSENT = 1e-7
"""Mass of pairs that were not observed, before all is brought to 1: KL needs some."""


class Tower(nn.Module):
    """Vectors of one modality, each in view of the others."""

    def __init__(self, length: int, width: int) -> None:
        super().__init__()
        self.in_proj = nn.Linear(length, width)
        self.attention = Attention(width, _HEADS)
        self.out_proj = nn.Linear(width, width)

    def forward(self, vectors: Tensor) -> Tensor:
        """(T, length) to (T, width)."""
        hidden = self.in_proj(vectors)
        hidden = hidden + sinusoids(*hidden.shape).to(hidden)
        found: Tensor = self.out_proj(self.attention(hidden, hidden))
        return found


class MatchingNetwork(nn.Module):
    """Both towers, cross-attention and selection."""

    def __init__(self, config: ModelConfig, sizes: Sizes) -> None:
        super().__init__()
        self.shot_tower = Tower(config.feature_dim, config.width)
        self.music_tower = Tower(sizes.music, config.width)
        self.to_music, self.to_shots = (Attention(config.width, _HEADS) for _ in range(2))
        self.selection = nn.Linear(config.width, 1)

    def forward(self, film: Tensor, music: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """From (I, D) and (J, M): shots (I, width) and segments (J, width) of unit length, and logits of mu (I,)."""
        shots, segments = self.shot_tower(film), self.music_tower(music)
        told = self.to_music(shots, segments)
        heard = self.to_shots(segments, shots)
        return F.normalize(told, dim=1), F.normalize(heard, dim=1), self.selection(told)[:, 0]


class IPOT(FilmLossMethod[MatchingNetwork]):
    """Inverse partial optimal transport as a ``Method``."""

    needs = frozenset({"music"})
    uses = frozenset({"facts"})

    @staticmethod
    def build(config: ModelConfig, sizes: Sizes) -> MatchingNetwork:
        """The two towers."""
        return MatchingNetwork(config, sizes)

    @staticmethod
    def film_loss(network: MatchingNetwork, example: Example) -> Tensor:
        """KL(T^ || T) + delta BCE(mu, chosen)."""
        shots, segments, logits = network(example.film, standardised(needed(example.music)))
        top = logits.detach().topk(min(len(segments), len(shots))).indices
        plan = sinkhorn_plan(squared_distances(shots[top], segments), _SHARPNESS)
        divergence = (plan * (plan / observed_plan(top, example.labels)).log()).sum()
        return divergence + _SELECTION * F.binary_cross_entropy_with_logits(logits, shown_shots(example))

    def choose(self, network: MatchingNetwork, film: Film) -> list[int]:
        """See ``FilmMethod``."""
        music = needed(film.music)
        shots, segments, logits = network(film.features, standardised(music))
        top = logits.topk(min(film.positions, len(shots))).indices
        cost = squared_distances(shots[top], segments)
        if film.facts is not None:
            durations = film.facts.durations_s[top]
            cost = cost + _DURATION * (durations[:, None] - music.lengths_s).abs()
        return top[assign(cost.double().numpy())].tolist()


def observed_plan(shots: Tensor, labels: Tensor) -> Tensor:
    """T of the shots (n,) given by number and of the segments with their labels (J,): (n, J) of sum 1."""
    observed = (shots[:, None] == labels).float() + _ABSENT
    return observed / observed.sum()
