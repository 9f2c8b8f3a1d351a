"""The training loop: repeatable, resumable, on a GPU when there is one."""

from __future__ import annotations

import math
import random
import time
from pathlib import Path

import torch
from torch.utils.data import DataLoader, Dataset

from dialog.interpret.edit.network import INPUTS
from dialog.interpret.edit.wordpiece import WordPieces
from training.batches import Batch, Blank, Encoded, batched, encoded
from training.config import Config
from training.data.mixture import DRAWS_A_STEP, Mixture
from training.loss import Weights, losses
from training.network import Rewriter

BLOCK = 4
"""Batches that are drawn together and sorted by length, so that little of each is padding."""
MOST_PIECES = 256


class Blocks(Dataset[list[Batch]]):
    """Block n of a run, made when asked for; `first` is the number of the first one still to come."""

    def __init__(self, mixture: Mixture, spelling: WordPieces, config: Config, first: int) -> None:
        self._mixture = mixture
        self._spelling = spelling
        self._size = config.fit.batch
        self._first = first
        self._last = math.ceil(config.fit.steps / BLOCK)
        self._seed = config.seed
        self._blank = config.augment.blank

    def __len__(self) -> int:
        return self._last - self._first

    def __getitem__(self, n: int) -> list[Batch]:
        block = self._first + n
        examples = sorted(self._examples(block), key=lambda each: len(each.features.pieces))
        batches = [batched(examples[k : k + self._size]) for k in range(0, len(examples), self._size)]
        random.Random(f"{self._seed}|{block}").shuffle(batches)
        return batches

    def _examples(self, block: int) -> list[Encoded]:
        """The first of the block's draws that can be learnt from; more are drawn than are needed."""
        wanted, found = self._size * BLOCK, []
        for n in range(block * wanted * DRAWS_A_STEP, (block + 1) * wanted * DRAWS_A_STEP):
            blank = Blank(self._blank, random.Random(f"{self._seed}|blank|{n}"))
            example = encoded(self._mixture.draw(n), self._spelling, blank=blank)
            if example is not None and len(example.features.pieces) <= MOST_PIECES:
                found.append(example)
            if len(found) == wanted:
                break
        return found


def fit(config: Config, model: Rewriter, mixture: Mixture, spelling: WordPieces, out: Path) -> None:
    """Train `model` for the steps of `config`, going on from the checkpoint in `out` if there is one.

    Leaves `checkpoint.pt` in `out`, written whole or not at all; says the losses and the time left as it goes.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device)
    optimizer = _optimizer(model, config)
    done = _resume(out / "checkpoint.pt", model, optimizer, device)
    torch.manual_seed(config.seed + done)
    blocks = Blocks(mixture, spelling, config, done // BLOCK)
    workers = 1 if device.type == "cpu" else 8
    loader = DataLoader(blocks, batch_size=None, num_workers=workers, prefetch_factor=2)
    batches = (batch for block in loader for batch in block)
    half = device.type == "cuda" or _multiplies_halves()
    began, sums = time.monotonic(), [0.0] * 4
    model.train()
    for step, batch in enumerate(batches, start=done // BLOCK * BLOCK + 1):
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * _rate(step, config)
        lost = losses(model, batch.to(device), Weights(), half=half)
        optimizer.zero_grad(set_to_none=True)
        lost.total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), config.fit.clip)
        optimizer.step()
        sums = [a + b for a, b in zip(sums, (lost.items, lost.ends, lost.delete, lost.change), strict=True)]
        if step % 50 == 0 or step == config.fit.steps:
            since = step % 50 or 50
            names = ("items", "ends", "delete", "change")
            shown = "  ".join(f"{name} {value / since:.3f}" for name, value in zip(names, sums, strict=True))
            left = (time.monotonic() - began) / max(1, step - done) * (config.fit.steps - step)
            print(f"step {step}/{config.fit.steps}  {shown}  {left / 60:.0f} min left", flush=True)
            sums = [0.0] * 4
        if step % config.fit.save_every == 0 or step == config.fit.steps:
            _save(out / "checkpoint.pt", model, optimizer, step)
        if step == config.fit.steps:
            break


def _multiplies_halves() -> bool:
    """Whether the processor has tiles for bfloat16 (AMX): a step then takes less than half the time."""
    return bool(torch.cpu._is_amx_tile_supported())


def load_weights(model: Rewriter, out: Path) -> int:
    """Load the checkpoint in `out` into `model`; the number of steps it was trained for."""
    saved = torch.load(out / "checkpoint.pt", map_location="cpu", weights_only=True)
    model.load_state_dict(saved["model"])
    return int(saved["step"])


def steps_done(out: Path) -> int:
    """The number of steps that the checkpoint in `out` was trained for; 0 when there is none."""
    path = out / "checkpoint.pt"
    return int(torch.load(path, map_location="cpu", weights_only=True)["step"]) if path.exists() else 0


def _optimizer(model: Rewriter, config: Config) -> torch.optim.Optimizer:
    encoder, fresh, pieces = [], [], []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name == "encoder.new_pieces":
            pieces += [parameter] if len(parameter) else []
        elif name.startswith("encoder.") and name.split(".")[1] not in INPUTS:
            encoder.append(parameter)
        else:
            fresh.append(parameter)
    fit = config.fit
    groups = [
        {"params": encoder, "peak": fit.encoder_rate, "weight_decay": fit.decay},
        {"params": fresh, "peak": fit.head_rate, "weight_decay": fit.decay},
        {"params": pieces, "peak": fit.pieces_rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        [group for group in groups if group["params"]], lr=fit.encoder_rate, betas=(0.9, 0.98), fused=True
    )


def _rate(step: int, config: Config) -> float:
    """The share of the peak rate at `step`."""
    warmup, steps = config.fit.warmup, config.fit.steps
    return min(step / warmup, 1.0) * max(0.02, min(1.0, (steps - step) / max(1, steps - warmup)))


def _save(path: Path, model: Rewriter, optimizer: torch.optim.Optimizer, step: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, half)
    half.replace(path)


def _resume(path: Path, model: Rewriter, optimizer: torch.optim.Optimizer, device: torch.device) -> int:
    if not path.exists():
        return 0
    saved = torch.load(path, map_location=device, weights_only=True)
    model.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"])
    print(f"going on from step {saved['step']}", flush=True)
    if math.isnan(float(next(iter(saved["model"].values())).sum())):
        raise ValueError(f"{path.name} holds no numbers; delete it to start again")
    return int(saved["step"])
