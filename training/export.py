"""The trained network as the files that are shipped: the encoder as int8 ONNX, the head as half-precision numpy, the
vocabulary as text."""

from __future__ import annotations

import copy
import json
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dialog.interpret.edit.features import Features
from dialog.interpret.edit.head import NAMES
from dialog.interpret.edit.network import INPUTS
from training.network import Encoder, Rewriter

OPSET = 17


class _Alone(nn.Module):
    """The encoder for a batch of one without padding: a single table of pieces, no mask, no batch axis."""

    def __init__(self, encoder: Encoder, pieces: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.table = nn.Parameter(torch.cat([encoder.pieces.data, encoder.new_pieces.data])[:pieces])

    def forward(
        self, pieces: Tensor, roles: Tensor, marks: Tensor, pairs: Tensor, recency: Tensor, cuts: Tensor
    ) -> Tensor:
        encoder = self.encoder
        states = self.table[pieces] + encoder.positions[: pieces.shape[0]] + encoder.roles[roles]
        states = states + encoder.marks[marks] + encoder.pairs[pairs]
        states = encoder.norm(states + encoder.recency[recency] + encoder.cuts[cuts])
        states = states.unsqueeze(0)
        mask = torch.zeros(1, 1, 1, 1)
        for layer in encoder.layers:
            states = layer(states, mask)
        made: Tensor = states[0]
        return made


class Smoothed(nn.Module):
    """A linear map whose input is divided, channel by channel, by what its weights are multiplied with, so that a
    channel of large values does not take all the steps of an eight-bit scale: the idea of SmoothQuant (Xiao et al.
    2023), with scales from the input alone. On these weights it halves the error of the states, which the paper's own
    scales, from input and weights, raise."""

    def __init__(self, linear: nn.Linear, largest: Tensor) -> None:
        super().__init__()
        scale = (largest.clamp(min=1e-3) / largest.median()).sqrt()
        self.inverse = nn.Parameter(1 / scale)
        self.weight = nn.Parameter(linear.weight.data * scale)
        self.bias = linear.bias

    def forward(self, states: Tensor) -> Tensor:
        return F.linear(states * self.inverse, self.weight, self.bias)


def smoothed(encoder: Encoder, seen: Sequence[Features]) -> Encoder:
    """A copy of `encoder` whose wide layers are smoothed for such input as `seen`; it computes the same."""
    made = copy.deepcopy(encoder).eval()
    linears = [linear for layer in made.layers for linear in (layer.inner, layer.outer)]
    largest: dict[nn.Module, Tensor] = {}

    def watch(linear: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        most = inputs[0].abs().flatten(0, -2).amax(0)
        largest[linear] = torch.maximum(largest[linear], most) if linear in largest else most

    hooks = [linear.register_forward_pre_hook(watch) for linear in linears]
    with torch.no_grad():
        for features in seen:
            rows = [torch.from_numpy(getattr(features, name))[None] for name in INPUTS]
            made(*rows, torch.ones_like(rows[0]))
    for hook in hooks:
        hook.remove()
    for layer in made.layers:
        layer.inner = Smoothed(layer.inner, largest[layer.inner])
        layer.outer = Smoothed(layer.outer, largest[layer.outer])
    return made


def export(
    model: Rewriter, pieces: list[str], folder: Path, *, facts: dict[str, object], seen: Sequence[Features]
) -> None:
    """Write `encoder.onnx`, `head.npz`, `pieces.txt` and `facts.json` into `folder`, for the first `pieces` of the
    vocabulary: those of MiniLM, which come first, are enough where no Chinese is served. `seen` is some of what will be
    read, by which the eight-bit scales are set."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    model.eval().cpu()
    folder.mkdir(parents=True, exist_ok=True)
    example = tuple(torch.zeros(9, dtype=torch.int64) for _ in INPUTS)
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        # The older exporter: its graph is the one that `restore` reads and the quantizer knows.
        warnings.simplefilter("ignore", DeprecationWarning)
        whole = Path(scratch) / "encoder.onnx"
        torch.onnx.export(
            _Alone(smoothed(model.encoder, seen), len(pieces)).eval(),
            example,
            str(whole),
            input_names=list(INPUTS),
            output_names=["states"],
            dynamic_axes={name: {0: "pieces"} for name in (*INPUTS, "states")},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(
            str(whole),
            str(folder / "encoder.onnx"),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )
    weights = {name: value for name, value in model.head.state_dict().items() if name in NAMES}
    np.savez_compressed(
        folder / "head.npz", **{name: value.numpy().astype(np.float16) for name, value in weights.items()}
    )
    (folder / "pieces.txt").write_text("\n".join(pieces), encoding="utf-8")
    (folder / "facts.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", encoding="utf-8")
