"""Models of speech recognition for tests: a tiny one of Whisper's real layout with random weights, and, over the real
engine, a decoder that says what it is told, where the sound it hears has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from ctranslate2.specs.whisper_spec import WhisperSpec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

WIDTH, HEADS, LAYERS, MELS = 32, 2, 1, 80
LANGUAGES = ("en", "de", "fr")
_SPECIAL = [
    "<|endoftext|>",
    "<|startoftranscript|>",
    *(f"<|{language}|>" for language in LANGUAGES),
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]
_TIMES = [f"<|{step * 0.02:.2f}|>" for step in range(1501)]


def tiny_whisper(folder: Path, seed: int = 0) -> Path:
    """A folder with a model that CTranslate2 loads and that understands nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer, rng = _tokenizer(), np.random.default_rng(seed)
    tokenizer.save(str(folder / "tokenizer.json"))
    vocabulary = [tokenizer.id_to_token(index) for index in range(tokenizer.get_vocab_size())]
    spec = WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    _fill(spec.encoder, rng)
    _fill(spec.decoder, rng)

    def weights(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.1, shape).astype(np.float32)

    spec.encoder.conv1.weight, spec.encoder.conv1.bias = weights(WIDTH, MELS, 3), weights(WIDTH)
    spec.encoder.conv2.weight, spec.encoder.conv2.bias = weights(WIDTH, WIDTH, 3), weights(WIDTH)
    spec.encoder.position_encodings.encodings = weights(1500, WIDTH)
    spec.decoder.embeddings.weight = weights(len(vocabulary), WIDTH)
    spec.decoder.position_encodings.encodings = weights(448, WIDTH)
    spec.decoder.projection.weight = spec.decoder.embeddings.weight
    spec.register_vocabulary(vocabulary)
    spec.config.lang_ids = [tokenizer.token_to_id(f"<|{language}|>") for language in LANGUAGES]
    spec.config.alignment_heads = [[0, 0], [0, 1]]
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    spec.validate()
    spec.save(str(folder))
    return folder


def _tokenizer() -> Tokenizer:
    """Bytes one by one, then Whisper's own tokens in their order."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: index for index, letter in enumerate(letters)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in _SPECIAL])
    tokenizer.add_tokens([AddedToken(token) for token in _TIMES])
    return tokenizer


def _fill(spec: Any, rng: np.random.Generator) -> None:
    """Random weights of the layers' shapes."""
    for layer in spec.layer:
        attentions = [layer.self_attention, *([layer.attention] if hasattr(layer, "attention") else [])]
        for attention, rows in zip(attentions, ((3,), (1, 2)), strict=False):
            for linear, times in zip(attention.linear, (*rows, 1), strict=False):
                linear.weight = rng.normal(0, 0.1, (times * WIDTH, WIDTH)).astype(np.float32)
                linear.bias = np.zeros(times * WIDTH, np.float32)
            _norm(attention.layer_norm)
        for linear, shape in ((layer.ffn.linear_0, (4 * WIDTH, WIDTH)), (layer.ffn.linear_1, (WIDTH, 4 * WIDTH))):
            linear.weight = rng.normal(0, 0.1, shape).astype(np.float32)
            linear.bias = np.zeros(shape[0], np.float32)
        _norm(layer.ffn.layer_norm)
    _norm(spec.layer_norm)


def _norm(spec: Any) -> None:
    spec.gamma, spec.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)


Said = Sequence[tuple[str, float]]
"""Words of one sentence, and the share of the sentence's time at which each ends."""


@dataclass
class Scribe:
    """In place of CTranslate2's model inside of faster-whisper's: says the sentences in order, one to each burst of
    sound in the features that it is given, so that all times are found by the engine in what it hears."""

    real: Any
    tokenizer: Tokenizer
    sentences: list[Said]
    no_speech: float = 0.01
    score: float = -0.1
    calls: int = 0
    device: str = "cpu"
    device_index: list[int] = field(default_factory=lambda: [0])
    is_multilingual: bool = True

    def encode(self, features: Any, to_cpu: bool = False) -> np.ndarray:
        return np.array(features)[0]

    def detect_language(self, heard: np.ndarray) -> list[list[tuple[str, float]]]:
        return [[("<|en|>", 0.9), ("<|de|>", 0.06), ("<|fr|>", 0.04)]]

    def generate(self, heard: np.ndarray, prompts: Any, **options: Any) -> list[Any]:
        self.calls += 1
        begin = self.tokenizer.token_to_id("<|notimestamps|>") + 1
        tokens: list[int] = []
        for first, last in bursts(heard):
            text = "".join(f" {word}" for word, _ in self.sentences.pop(0)) if self.sentences else " Thank you."
            written = self.tokenizer.encode(text, add_special_tokens=False).ids
            tokens += [begin + first // 2, *written, begin + last // 2]
        return [SimpleNamespace(sequences_ids=[tokens], scores=[self.score], no_speech_prob=self.no_speech)]

    def align(self, heard: np.ndarray, start: Any, texts: list[list[int]], frames: int, **options: Any) -> list[Any]:
        found = []
        for tokens in texts:
            text = self.tokenizer.decode(tokens)
            sentences = [part + "." for part in text.strip().split(".") if part]
            pairs, index = [], 0
            for (first, last), sentence in zip(bursts(heard), sentences, strict=True):
                shares = self.shares[sentence.strip()]
                for word, (since, until) in zip(sentence.strip().split(), shares, strict=True):
                    letters = len(self.tokenizer.encode(f" {word}", add_special_tokens=False).ids)
                    for letter in range(letters):
                        at = first + (last - first) * (since + (until - since) * letter / letters)
                        pairs.append((index, round(at / 2)))
                        index += 1
                pairs.append((index, round(last / 2)))
            found.append(SimpleNamespace(alignments=pairs, text_token_probs=[0.9] * len(tokens)))
        return found

    @property
    def shares(self) -> dict[str, list[tuple[float, float]]]:
        return self._shares

    def __post_init__(self) -> None:
        self._shares = {
            " ".join(word for word, _ in sentence): list(
                zip([0.0, *(at for _, at in sentence)], [at for _, at in sentence], strict=False)
            )
            for sentence in self.sentences
        }


def bursts(features: np.ndarray, apart: int = 40) -> list[tuple[int, int]]:
    """Frames [first, last) of 10 ms in which there is more sound than in the rest, those near each other joined."""
    level = features.mean(axis=0)
    real = level[level > level.min() + 1e-3]
    low, high = np.percentile(real, (5, 95))
    loud = np.flatnonzero(level > low + (high - low) * 0.4)
    found: list[tuple[int, int]] = []
    for at in loud:
        if found and at - found[-1][1] <= apart:
            found[-1] = found[-1][0], int(at) + 1
        else:
            found.append((int(at), int(at) + 1))
    return [(first, last) for first, last in found if last - first > 15]
