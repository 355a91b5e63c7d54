"""The model against eq. 3 and 9-12 written out, and the properties RoPE and padding must have."""

import math

import pytest
import torch

from trailergen.ssmp.model import SSMP, Block, ModelConfig, cosine, rotary, rotate

SMALL = ModelConfig(feature_dim=12, width=16, layers=2, heads=2, ffn=24, logit_scale=3.0)


def small_model(config: ModelConfig = SMALL) -> SSMP:
    torch.manual_seed(3)
    model = SSMP(config).double().eval()
    for parameter in model.parameters():  # the gains of RMSNorm start at 1, which would hide a missing one
        torch.nn.init.normal_(parameter, std=0.4)
    return model


def written_out_block(block: Block, hidden: torch.Tensor, places: list[int], config: ModelConfig) -> torch.Tensor:
    """Eq. 9-12 token by token, RoPE as a complex product, for one sequence (T, width)."""

    def norm(vector: torch.Tensor, gain: torch.Tensor) -> torch.Tensor:
        return vector / math.sqrt(float(vector @ vector) / len(vector) + config.eps) * gain

    def turn(vector: torch.Tensor, place: int) -> torch.Tensor:
        half = len(vector) // 2
        pairs = torch.complex(vector[:half], vector[half:])
        angles = torch.tensor([place * config.rope_base ** (-d / half) for d in range(half)], dtype=torch.float64)
        turned = pairs * torch.exp(1j * angles)
        return torch.cat((turned.real, turned.imag))

    size = config.width // config.heads
    normed = [norm(token, block.attention_norm.weight) for token in hidden]
    queries, keys, values = (
        [block.qkv_proj.weight[part * config.width : (part + 1) * config.width] @ token for token in normed]
        for part in range(3)
    )
    after = []
    for t, token in enumerate(hidden):
        heads = []
        for head in range(config.heads):
            part = slice(head * size, (head + 1) * size)
            query = turn(queries[t][part], places[t])
            weights = torch.stack([query @ turn(keys[s][part], places[s]) for s in range(len(hidden))])
            weights = torch.softmax(weights / math.sqrt(size), dim=0)
            heads.append(sum(weight * value[part] for weight, value in zip(weights, values, strict=True)))
        token = token + block.attention_out_proj.weight @ torch.cat(heads)
        inner = block.up_proj.weight @ norm(token, block.ffn_norm.weight)
        after.append(token + block.down_proj.weight @ (inner * torch.sigmoid(inner)))
    return torch.stack(after)


@pytest.mark.parametrize("width", [12, 16])
@torch.no_grad()
def test_forward_is_equations_9_to_12(width: int) -> None:
    config = ModelConfig(feature_dim=12, width=width, layers=2, heads=2, ffn=24)
    model = small_model(config)
    film, trailer = torch.randn(2, 5, 12).double(), torch.randn(2, 3, 12).double()
    masked = torch.tensor([[True, False, True], [False, False, True]])
    predicted = model(film, trailer, masked)
    for b in range(2):
        tokens = [model.mask_placeholder if m else v for v, m in zip(trailer[b], masked[b], strict=True)]
        hidden = torch.cat((film[b], torch.stack(tokens)))
        if width != 12:
            hidden = hidden @ model.in_proj.weight.T
        for block in model.blocks:
            hidden = written_out_block(block, hidden, list(range(8)), config)
        if width != 12:
            hidden = hidden @ model.out_proj.weight.T
        torch.testing.assert_close(predicted[b], hidden[5:], rtol=1e-5, atol=1e-5)


def test_paper_size_has_33_6_million_parameters() -> None:
    with torch.device("meta"):
        model = SSMP(ModelConfig())
    blocks = 4 * (4 * 1024 * 1024 + 2 * 1024 * 2048 + 2 * 1024)
    assert sum(parameter.numel() for parameter in model.parameters()) == blocks + 1024 == 33_563_648


def test_rotary_products_depend_on_distance_only() -> None:
    torch.manual_seed(0)
    query, key = torch.randn(2, 1, 1, 1, 8)

    def product(query_place: int, key_place: int) -> float:
        turned = (
            rotate(vector, rotary(torch.tensor([[place]]), 8, 10000.0))
            for vector, place in ((query, query_place), (key, key_place))
        )
        return float(torch.mul(*turned).sum())

    assert product(3, 8) == pytest.approx(product(0, 5), abs=1e-5)
    assert product(1503, 1508) == pytest.approx(product(0, 5), abs=1e-3)
    assert abs(product(0, 5) - product(0, 6)) > 1e-2
    assert abs(product(0, 5) - product(5, 0)) > 1e-2
    turned = rotate(query, rotary(torch.tensor([[77]]), 8, 10000.0))
    assert float(turned.norm()) == pytest.approx(float(query.norm()), rel=1e-5)


def test_padding_changes_nothing() -> None:
    model = small_model()
    sizes = [(7, 4), (11, 2), (3, 6)]
    pairs = [(torch.randn(i, 12).double(), torch.randn(j, 12).double(), torch.rand(j) < 0.5) for i, j in sizes]
    film, trailer = torch.full((3, 11, 12), 50.0).double(), torch.full((3, 6, 12), -50.0).double()
    masked = torch.zeros(3, 6, dtype=torch.bool)
    film_valid, trailer_valid = torch.zeros(3, 11, dtype=torch.bool), torch.zeros(3, 6, dtype=torch.bool)
    for b, (own_film, own_trailer, own_masked) in enumerate(pairs):
        i, j = sizes[b]
        film[b, :i], trailer[b, :j], masked[b, :j] = own_film, own_trailer, own_masked
        film_valid[b, :i], trailer_valid[b, :j] = True, True
    together = model(film, trailer, masked, film_valid, trailer_valid)
    probabilities = model.probabilities(together, film, film_valid)
    for b, (own_film, own_trailer, own_masked) in enumerate(pairs):
        i, j = sizes[b]
        alone = model(own_film[None], own_trailer[None], own_masked[None])
        torch.testing.assert_close(together[b, :j], alone[0], rtol=1e-6, atol=1e-6)
        own = model.probabilities(alone, own_film[None])[0]
        torch.testing.assert_close(probabilities[b, :j, :i], own, rtol=1e-5, atol=1e-7)
        assert (probabilities[b, :, i:] == 0).all()


def test_masked_features_are_not_looked_at_and_others_are() -> None:
    model = small_model()
    film, trailer = torch.randn(1, 5, 12).double(), torch.randn(1, 4, 12).double()
    masked = torch.tensor([[True, False, True, False]])
    before = model(film, trailer, masked)
    changed = torch.where(masked[..., None], trailer + 1, trailer)
    assert torch.equal(model(film, changed, masked), before)
    assert not torch.allclose(model(film, trailer + 1, masked), before)


def test_equation_3() -> None:
    model = small_model()
    predicted = torch.tensor([[[3.0, 4.0] + [0.0] * 10]])
    film = torch.zeros(1, 3, 12)
    film[0, 0, 0], film[0, 1, 1], film[0, 2, 5] = 2.0, 0.5, 1.0
    torch.testing.assert_close(model.scores(predicted, film), torch.tensor([[[0.6, 0.8, 0.0]]]))
    weights = [math.exp(3.0 * s) for s in (0.6, 0.8, 0.0)]
    expected = torch.tensor([[[w / sum(weights) for w in weights]]])
    torch.testing.assert_close(model.probabilities(predicted, film), expected)


def test_cosine_keeps_float32_under_autocast() -> None:
    torch.manual_seed(1)
    left, right = torch.randn(4, 64), torch.randn(5, 64)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = cosine(left, right)
    assert inside.dtype == torch.float32
    torch.testing.assert_close(inside, cosine(left, right))


@pytest.mark.parametrize("wrong", [{"width": 10, "heads": 4}, {"layers": 0}, {"width": 6, "heads": 2}, {"eps": 0.0}])
def test_impossible_sizes_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ModelConfig(**wrong)  # type: ignore[arg-type]


def test_local_attention_init_attends_to_the_neighbours_head_by_head() -> None:
    torch.manual_seed(0)
    model = SSMP(ModelConfig(feature_dim=16, width=96, layers=2, heads=4, ffn=16, local_attention_init=True))
    rotation = rotary(torch.arange(40)[None], 24, 10000.0)
    same = torch.randn(96).expand(1, 40, 96)
    for block in model.blocks:
        query, key, _ = block.qkv_proj(same).view(1, 40, 3, 4, 24).permute(2, 0, 3, 1, 4)
        looks = (rotate(query, rotation) @ rotate(key, rotation).mT)[0, :, 20]
        assert (looks.argmax(dim=1) - 20).tolist() == [-1, 1, -2, 2]


def test_token_types_tell_films_from_trailers_and_keeps_padding_out() -> None:
    torch.manual_seed(0)
    plain, model = (
        SSMP(ModelConfig(feature_dim=8, width=16, layers=2, heads=2, ffn=16, local_attention_init=local)).eval()
        for local in (False, True)
    )
    assert plain.token_type_embedding is None
    assert model.token_type_embedding is not None
    film, trailer = torch.randn(2, 9, 8), torch.randn(2, 5, 8)
    masked = torch.rand(2, 5) < 0.5
    alone = model(film[:1, :6], trailer[:1, :3], masked[:1, :3])
    film_valid = torch.arange(9)[None] < torch.tensor([[6], [9]])
    trailer_valid = torch.arange(5)[None] < torch.tensor([[3], [5]])
    together = model(film, trailer, masked, film_valid, trailer_valid)[:1, :3]
    torch.testing.assert_close(alone, together, atol=1e-5, rtol=1e-5)
