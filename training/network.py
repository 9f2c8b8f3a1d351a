"""The network in torch: the first layers of a small BERT, and the deciding head (`dialog/interpret/edit/head.py`)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dialog.interpret.edit.chinese import CUTS
from dialog.interpret.edit.features import MARKS, MAX_PIECES, RECENCY, ROLES
from dialog.interpret.edit.labels import GLUE_WORDS, MAX_SPAN


@dataclass(frozen=True)
class Shape:
    """How large it is. `pieces` of the vocabulary have frozen embeddings, the `new_pieces` after them learn."""

    pieces: int
    new_pieces: int
    layers: int = 4
    width: int = 384
    heads: int = 12
    inner: int = 1536
    head_width: int = 256


class Dropout(nn.Module):
    """Dropout (Srivastava et al. 2014), on CPUs to a 256th of its rate, from a byte a value: torch draws its own on one
    core, which takes a third of a step in bfloat16. `torch.manual_seed` makes it repeatable."""

    _seeded: ClassVar[int | None] = None
    _bytes: ClassVar[np.random.Generator]

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self.least = round(rate * 256)

    def forward(self, states: Tensor) -> Tensor:
        if not self.training or not self.least:
            return states
        if states.device.type != "cpu":
            return F.dropout(states, self.rate)
        drawn = torch.frombuffer(bytearray(self._drawn(states.numel())), dtype=torch.uint8).view(states.shape)
        return states * ((drawn >= self.least).to(states.dtype) * (256 / (256 - self.least)))

    @classmethod
    def _drawn(cls, count: int) -> bytes:
        """From one stream for all layers: streams of their own, of one seed, would drop alike."""
        if cls._seeded != torch.initial_seed():
            cls._seeded = torch.initial_seed()
            cls._bytes = np.random.Generator(np.random.SFC64(cls._seeded))
        return cls._bytes.bytes(count)


class Layer(nn.Module):
    """One encoder layer, as in BERT (Devlin et al. 2019)."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.scale = 1 / math.sqrt(shape.width // shape.heads)
        self.query = nn.Linear(shape.width, shape.width)
        self.key = nn.Linear(shape.width, shape.width)
        self.value = nn.Linear(shape.width, shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.attention_norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.inner = nn.Linear(shape.width, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """`states` (B, P, d) and an additive `mask` (B, 1, 1, P) to the next states."""
        batch, pieces, width = states.shape

        def split(linear: nn.Linear) -> Tensor:
            made: Tensor = linear(states)
            return made.view(batch, pieces, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = split(self.query), split(self.key), split(self.value)
        # Written out: on CPUs the fused form's backward pass in bfloat16 takes longer than all the rest of a step.
        scores = query @ key.transpose(2, 3) * self.scale + mask.to(query.dtype)
        mixed = torch.softmax(scores, dim=-1).to(value.dtype) @ value
        mixed = mixed.transpose(1, 2).reshape(batch, pieces, width)
        states = self.attention_norm(states + self.dropout(self.out(mixed)))
        made: Tensor = self.norm(states + self.dropout(self.outer(F.gelu(self.inner(states)))))
        return made


class Encoder(nn.Module):
    """Word pieces to contextual states."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.pieces = nn.Parameter(torch.zeros(shape.pieces, shape.width), requires_grad=False)
        self.new_pieces = nn.Parameter(torch.randn(shape.new_pieces, shape.width) * 0.03)
        self.positions = nn.Parameter(torch.zeros(MAX_PIECES, shape.width))
        self.roles = nn.Parameter(torch.zeros(len(ROLES), shape.width))
        self.marks = nn.Parameter(torch.zeros(MARKS, shape.width))
        self.pairs = nn.Parameter(torch.zeros(2, shape.width))
        self.recency = nn.Parameter(torch.zeros(RECENCY, shape.width))
        self.cuts = nn.Parameter(torch.zeros(CUTS, shape.width))
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = Dropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))

    def forward(
        self,
        pieces: Tensor,
        roles: Tensor,
        marks: Tensor,
        pairs: Tensor,
        recency: Tensor,
        cuts: Tensor,
        mask: Tensor,
    ) -> Tensor:
        """All (B, P); `mask` is 1 where there is a piece. Gives (B, P, d)."""
        states = F.embedding(pieces.clamp(max=self.shape.pieces - 1), self.pieces)
        if self.shape.new_pieces:
            new = F.embedding((pieces - self.shape.pieces).clamp(min=0), self.new_pieces)
            states = torch.where((pieces >= self.shape.pieces).unsqueeze(-1), new, states)
        states = states + self.positions[: pieces.shape[1]] + F.embedding(roles, self.roles)
        states = states + F.embedding(marks, self.marks) + F.embedding(pairs, self.pairs)
        states = states + F.embedding(recency, self.recency) + F.embedding(cuts, self.cuts)
        states = self.dropout(self.norm(states))
        additive = ((1.0 - mask.to(states.dtype)) * -1e4)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, additive)
        read: Tensor = states
        return read


class DecidingHead(nn.Module):
    """The head; parameters are named as `head.NAMES` has them."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        d, k = shape.width, shape.head_width
        self.gap = nn.Linear(2 * d, k)
        self.start = nn.Linear(d, k, bias=False)
        self.end = nn.Linear(d, k, bias=False)
        self.end_query = nn.Linear(2 * k, k)
        self.end_distance = nn.Parameter(torch.zeros(MAX_SPAN))
        self.glue = nn.Parameter(torch.randn(len(GLUE_WORDS), k) * 0.05)
        self.none = nn.Linear(k, 1, bias=False)
        self.item = nn.Linear(2 * d, k)
        self.update = nn.Linear(2 * k, 2 * k)
        self.delete = nn.Linear(d + 2 * k, k)
        self.delete_out = nn.Linear(k, 1)
        self.change = nn.Linear(d + k, 1)
        self.start_bias = nn.Parameter(torch.zeros(1))
        self.scale = 1 / math.sqrt(k)

    def closed(self) -> Tensor:
        return torch.cat([self.glue, self.none.weight])

    def items(self, gaps: Tensor, example: Tensor, starts: Tensor, word_mask: Tensor) -> Tensor:
        """Log probabilities (R, W + glue + 1) for gaps (R, k), each over the start keys (B, W, k) and words (B, W) of
        its `example` (R), in rising order."""
        # One product for all gaps of an example: copying its keys for each gap takes longer than the product.
        counts = torch.bincount(example, minlength=len(starts))
        place = torch.arange(len(example), device=example.device) - (counts.cumsum(0) - counts)[example]
        grid = gaps.new_zeros(len(starts), int(counts.max()), gaps.shape[1])
        grid = grid.index_put((example, place), gaps)
        spans = (grid @ starts.transpose(1, 2))[example, place] * self.scale + self.start_bias
        spans = spans.masked_fill(~word_mask[example], -1e4)
        return torch.log_softmax(torch.cat([spans, gaps @ self.closed().T * self.scale], dim=1).float(), dim=1)

    def ends(self, gaps: Tensor, start_keys: Tensor, end_keys: Tensor, end_mask: Tensor) -> Tensor:
        """Log probabilities (R, MAX_SPAN) over the words from the start on, of which `end_keys` (R, MAX_SPAN, k)."""
        query = torch.tanh(self.end_query(torch.cat([gaps, start_keys], dim=1)))
        scores = torch.einsum("rk,rwk->rw", query, end_keys) * self.scale + self.end_distance
        return torch.log_softmax(scores.masked_fill(~end_mask, -1e4).float(), dim=1)

    def step(self, gaps: Tensor, items: Tensor) -> Tensor:
        both = self.update(torch.cat([gaps, items], dim=1))
        gate, new = both.chunk(2, dim=1)
        gate = torch.sigmoid(gate)
        return gate * gaps + (1 - gate) * torch.tanh(new)


class Rewriter(nn.Module):
    """Encoder and head."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape, dropout)
        self.head = DecidingHead(shape)
