"""The shipped files back as a network, to train on from them: the int8 weights times their scales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dialog.interpret.edit.network import INPUTS
from training.network import Layer, Rewriter

Arrays = dict[str, NDArray[Any]]


def restore(model: Rewriter, folder: Path) -> None:
    """Load what `training.export.export` wrote into `folder` into `model`, but for the embeddings of MiniLM's word
    pieces, which were not trained. Raises ValueError when the files are of a network of another shape."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(folder / "encoder.onnx")).graph
    arrays: Arrays = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    products = [node.input[1] for node in graph.node if node.op_type == "MatMulInteger"]
    weights = {name: value for name, value in arrays.items() if name in dict(model.named_parameters())}
    for name in INPUTS[1:]:  # all but the pieces
        weights[f"encoder.{name}"] = _whole(arrays, f"encoder.{name}_quantized")
    weights["encoder.new_pieces"] = _whole(arrays, "table_quantized")[len(model.encoder.pieces) :]
    for name, quantized in zip(_linears(model), (name for name in products if name in arrays), strict=True):
        inverse = arrays.get(f"{name}.inverse", np.float32(1))  # see export.Smoothed
        weights[f"{name}.weight"] = _whole(arrays, quantized).T * inverse
    with np.load(folder / "head.npz", allow_pickle=False) as head:
        weights |= {f"head.{name}": value for name, value in head.items()}
    _load(model, weights)


def _linears(model: Rewriter) -> Iterator[str]:
    """The linear maps of the layers by name, in the order they are used."""
    for n, layer in enumerate(model.encoder.layers):
        assert isinstance(layer, Layer)
        for part in ("query", "key", "value", "out", "inner", "outer"):
            yield f"encoder.layers.{n}.{part}"


def _whole(arrays: Mapping[str, NDArray[Any]], quantized: str) -> NDArray[np.float32]:
    base = quantized.removesuffix("_quantized")
    steps = arrays[quantized].astype(np.float32) - arrays[f"{base}_zero_point"].astype(np.float32)
    scaled: NDArray[np.float32] = steps * arrays[f"{base}_scale"]
    return scaled


def _load(model: Rewriter, weights: Mapping[str, NDArray[Any]]) -> None:
    own = dict(model.named_parameters())
    wanted = set(own) - {"encoder.pieces"}
    if wanted != set(weights):
        raise ValueError(f"the files are of another network: they lack {sorted(wanted - set(weights))[:3]}")
    with torch.no_grad():
        for name, value in weights.items():
            own[name].copy_(torch.from_numpy(np.array(value, dtype=np.float32)))
