"""Training with everything on the device: films lie there, and a step is a few kernels or one captured graph.

The same equations by the same functions as ``trailergen/training/loop.py``, which works out its batches on the CPU and
sends them. Films are padded once, to the longest of all, so that every step has the same shapes and can be captured.
Captured trainings have a stream each: several of them side by side, begun one after the other and then ended, share
the card better than processes do, of which one computes at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import pad

from trailergen.ssmp.losses import accuracy_parts, cross_entropy_loss, squared_error_loss
from trailergen.ssmp.masking import sample_mask
from trailergen.ssmp.model import SSMP
from trailergen.training.batches import Example, collate
from trailergen.training.config import TrainConfig
from trailergen.training.loop import TrainState, mask_generator
from trailergen.training.optimizer import clip_gradients, learning_rate, parameter_groups

Forward = Callable[..., Tensor]
"""A model and its inputs to what it predicts."""
_MULTIPLE = 16
"""Tokens in a padded row are a multiple of this: attention kernels like their masks aligned."""


class Resident:
    """A training on the device.

    Args:
        config: how to train.
        examples: what on.
        batch: examples in a step.
        device: of torch.
        masked: pass masks of what is padding, as films of different lengths need.
        forward: the forward pass of a model, ``compiled()`` or the model itself.
        graphed: capture the step in a CUDA graph.
        cudnn: take cuDNN's attention.
        narrow: on CUDA, compute as ``training/accelerator.py`` does there by default, in bfloat16 under autocast.
    """

    def __init__(
        self,
        config: TrainConfig,
        examples: Sequence[Example],
        batch: int,
        device: str,
        masked: bool = True,
        forward: Forward | None = None,
        graphed: bool = False,
        cudnn: bool = False,
        narrow: bool = True,
    ) -> None:
        self.config, self.device, self._narrow = config, device, narrow and device == "cuda"
        self.state = TrainState.start(config, torch.device(device))
        whole = collate(examples, torch.device("cpu"))
        tokens = whole.film.shape[1] + whole.trailer.shape[1]
        more = -tokens % _MULTIPLE if masked else 0
        self.film = pad(whole.film, (0, 0, 0, more)).to(device)
        self.trailer, self.labels = whole.trailer.to(device), whole.labels.to(device)
        self.masks = (pad(whole.film_valid, (0, more)).to(device), whole.trailer_valid.to(device)) if masked else None
        self._valid = whole.trailer_valid
        groups = parameter_groups(self.state.model, config.weight_decay)
        on_card = device == "cuda"
        self._rate = torch.zeros((), device=device)
        self.state.optimizer = torch.optim.AdamW(
            groups, lr=self._rate, betas=(0.9, config.beta2), capturable=on_card, fused=True if on_card else None
        )
        self._index = torch.zeros(batch, dtype=torch.long, device=device)
        self._hidden = torch.zeros(batch, self.trailer.shape[1], dtype=torch.bool, device=device)
        self._ratio = torch.ones((), device=device)
        self._found = torch.zeros(2, device=device)
        self._attention: Callable[[], AbstractContextManager[object]] = (
            (lambda: sdpa_kernel(SDPBackend.CUDNN_ATTENTION)) if cudnn else nullcontext
        )
        self.state.model.train()
        self._forward = forward or _eager
        stream = torch.cuda.Stream() if graphed else None  # type: ignore[no-untyped-call]
        self._on_stream = partial(torch.cuda.stream, stream) if stream else nullcontext
        self._graph = self._captured() if graphed else None

    def step(self, chosen: Sequence[int]) -> None:
        """One step on the examples of those numbers; curves and pace move on as in ``training/loop.py``."""
        self.begin(chosen)
        self.end()

    def begin(self, chosen: Sequence[int]) -> None:
        """Set a step going."""
        state, config = self.state, self.config
        index = torch.tensor(chosen)
        valid = self._valid[index]
        longest = int(valid.sum(1).max())  # of the batch, as the loop pads it: the draws are the same
        hidden = sample_mask(valid[:, :longest], state.pace.ratio, mask_generator(config, state.done))
        with self._on_stream():
            self._index.copy_(index)
            self._hidden.copy_(pad(hidden, (0, self._hidden.shape[1] - longest)))
            self._ratio.fill_(state.pace.ratio)
            self._rate.fill_(learning_rate(config, state.done))
            self.repeat()

    def end(self) -> None:
        """Wait for the step that was begun."""
        with self._on_stream():
            found = self._found.tolist()
        self.state.advance(self.config, *found)

    def repeat(self) -> None:
        """The work of the last step once more, on the same batch; nothing is written down, nothing waited for."""
        if self._graph is None:
            self._work()
        else:
            self._graph.replay()

    def _work(self) -> None:
        model, optimizer = self.state.model, self.state.optimizer
        film, trailer, labels = self.film[self._index], self.trailer[self._index], self.labels[self._index]
        masks = tuple(mask[self._index] for mask in self.masks) if self.masks else (None, None)
        narrow = torch.autocast("cuda", torch.bfloat16) if self._narrow else nullcontext()
        with narrow, self._attention():
            predicted = self._forward(model, film, trailer, self._hidden, *masks)
        logits = model.logits(predicted, film)
        ratio: float = self._ratio  # type: ignore[assignment]  # a tensor, so that a graph can be given another
        if self.config.loss == "ce":
            loss = cross_entropy_loss(logits, labels, self._hidden, ratio, masks[0])
        else:
            loss = squared_error_loss(predicted.float(), film, labels, self._hidden, ratio)
        optimizer.zero_grad(set_to_none=True)
        with self._attention():
            loss.backward()  # type: ignore[no-untyped-call]
        clip_gradients(model, self.config)
        optimizer.step()
        with torch.no_grad():
            shares, pairs = accuracy_parts(logits, labels, self._hidden, masks[0])
            self._found.copy_(torch.stack((loss, shares / pairs.clamp(min=1))))

    def _captured(self) -> torch.cuda.CUDAGraph:
        """The step as a graph; the weights and the optimizer are as before."""
        model, optimizer = self.state.model, self.state.optimizer
        weights = {name: value.clone() for name, value in model.state_dict().items()}
        self._hidden.fill_(True)
        side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self._work()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        optimizer.zero_grad(set_to_none=True)
        with torch.cuda.graph(graph):
            self._work()
        model.load_state_dict(weights)
        for moments in optimizer.state.values():
            for value in moments.values():
                value.zero_()
        return graph


def compiled(anew: bool = False) -> Forward:
    """The forward pass by torch.compile for fixed shapes, once for all models of one size; ``anew`` forgets what was
    compiled before, here or in another run, which may have another attention inside."""
    if anew:
        torch.compiler.reset()
        torch._functorch.config.enable_autograd_cache = False
    forward: Forward = torch.compile(_eager, dynamic=False)
    return forward


def _eager(model: SSMP, *batch: Tensor | None) -> Tensor:
    predicted: Tensor = model(*batch)
    return predicted
