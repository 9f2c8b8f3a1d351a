"""The trained network as the files that are shipped: the encoder as int8 ONNX, the head as half-precision numpy, the
vocabulary as text."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from dialog.interpret.edit.head import NAMES
from training.network import Encoder, Rewriter

INPUTS = ("pieces", "roles", "marks", "pairs", "recency")
OPSET = 17


class _Alone(nn.Module):
    """The encoder for a batch of one without padding: a single table of pieces, no mask, no batch axis."""

    def __init__(self, encoder: Encoder, pieces: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.table = nn.Parameter(torch.cat([encoder.pieces.data, encoder.new_pieces.data])[:pieces])

    def forward(self, pieces: Tensor, roles: Tensor, marks: Tensor, pairs: Tensor, recency: Tensor) -> Tensor:
        encoder = self.encoder
        states = self.table[pieces] + encoder.positions[: pieces.shape[0]] + encoder.roles[roles]
        states = encoder.norm(states + encoder.marks[marks] + encoder.pairs[pairs] + encoder.recency[recency])
        states = states.unsqueeze(0)
        mask = torch.zeros(1, 1, 1, 1)
        for layer in encoder.layers:
            states = layer(states, mask)
        made: Tensor = states[0]
        return made


def export(model: Rewriter, pieces: list[str], folder: Path, *, facts: dict[str, object]) -> None:
    """Write `encoder.onnx`, `head.npz`, `pieces.txt` and `facts.json` into `folder`, for the first `pieces` of the
    vocabulary: those of MiniLM, which come first, are enough where no Chinese is served."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    model.eval().cpu()
    folder.mkdir(parents=True, exist_ok=True)
    example = tuple(torch.zeros(9, dtype=torch.int64) for _ in INPUTS)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "encoder.onnx"
        torch.onnx.export(
            _Alone(model.encoder, len(pieces)),
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
