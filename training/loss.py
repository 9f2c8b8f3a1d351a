"""What training minimises: the negative log probability of the labels, over all places their words stand at."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from dialog.interpret.edit.labels import MAX_ITEMS, MAX_SPAN
from dialog.interpret.edit.network import INPUTS
from training.batches import GLUE_COUNT, Batch
from training.network import Rewriter


@dataclass(frozen=True)
class Losses:
    """Means per example."""

    total: Tensor
    items: float
    ends: float
    delete: float
    change: float


@dataclass(frozen=True)
class Weights:
    """How much each part counts."""

    insert: float = 1.5
    delete: float = 1.0
    change: float = 0.5


def losses(model: Rewriter, batch: Batch, weights: Weights, *, half: bool = True) -> Losses:
    """The losses of `batch`. `half`: the encoder works in bfloat16; the head always works in single precision."""
    head = model.head
    with torch.autocast(batch.pieces.device.type, dtype=torch.bfloat16, enabled=half):
        states = model.encoder(*(getattr(batch, name) for name in INPUTS), batch.mask)
    states = states.float()
    count = len(states)
    flat = states.reshape(-1, states.shape[2])
    row = torch.arange(count, device=states.device).unsqueeze(1) * states.shape[1]
    words = (F.embedding(batch.first + row, flat) + F.embedding(batch.last + row, flat)) * 0.5
    starts, ends = head.start(words), head.end(words)
    example = batch.gap_example
    left = F.embedding(batch.gap_left + row[example], flat).mean(1)
    right = F.embedding(batch.gap_right + row[example], flat).mean(1)
    gaps = torch.tanh(head.gap(torch.cat([left, right], dim=1)))

    weight = batch.weight
    item_loss, end_loss = _chain_losses(model, batch, words, starts, ends, gaps, weight, weights.insert)

    message = words[batch.message_example, batch.message_word]
    beside = torch.cat([message, gaps[batch.message_gap], gaps[batch.message_gap + 1]], dim=1)
    delete = head.delete_out(torch.tanh(head.delete(beside))).squeeze(1)
    delete_loss = F.binary_cross_entropy_with_logits(delete, batch.deleted, reduction="none")
    delete_loss = (delete_loss * weight[batch.message_example]).sum() / count

    pooled = torch.full((count, gaps.shape[1]), -1.0, device=gaps.device)
    pooled = pooled.scatter_reduce(0, example.unsqueeze(1).expand_as(gaps), gaps, reduce="amax")
    change = head.change(torch.cat([states[:, 0], pooled], dim=1)).squeeze(1)
    change_loss = (F.binary_cross_entropy_with_logits(change, batch.changed, reduction="none") * weight).mean()

    total = item_loss + end_loss + weights.delete * delete_loss + weights.change * change_loss
    return Losses(total, item_loss.item(), end_loss.item(), delete_loss.item(), change_loss.item())


def _chain_losses(
    model: Rewriter,
    batch: Batch,
    words: Tensor,
    starts: Tensor,
    ends: Tensor,
    gaps: Tensor,
    weight: Tensor,
    insert: float,
) -> tuple[Tensor, Tensor]:
    """Of what comes in at each gap, and of where its spans end; gaps with more to come go on to the next step."""
    head, device = model.head, gaps.device
    count, most = words.shape[0], words.shape[1]
    none = most + GLUE_COUNT
    item_total = torch.zeros((), device=device)
    end_total = torch.zeros((), device=device)
    live = torch.arange(len(batch.chains), device=device)
    for step in range(MAX_ITEMS):
        if not len(live):
            break
        numbers = live.tolist()
        example = batch.gap_example[live]
        log = head.items(gaps, example, starts, batch.word_mask)
        wanted = torch.zeros(log.shape, dtype=torch.bool)
        more = []
        for row, gap in enumerate(numbers):
            chain = batch.chains[gap]
            if step >= len(chain):
                wanted[row, none] = True
            else:
                more.append(row)
                target = chain[step]
                if target.starts:
                    wanted[row, list(target.starts)] = True
                else:
                    wanted[row, most + target.closed] = True
        wanted = wanted.to(device)
        found = torch.logsumexp(log.masked_fill(~wanted, -1e4), dim=1)
        emphasis = torch.ones(len(numbers), device=device)
        emphasis[more] = insert
        item_total = item_total - (found * weight[example] * emphasis).sum()
        if not more:
            break
        kept = torch.tensor(more, device=device)
        targets = [batch.chains[numbers[row]][step] for row in more]
        gaps, live, example = gaps[kept], live[kept], example[kept]
        # Of the places a span stands at, the one the network holds likeliest is followed.
        chosen = log[kept].masked_fill(~wanted[kept], -1e9)[:, :most].argmax(1).clamp(max=most - 1)
        is_span = torch.tensor([bool(target.starts) for target in targets], device=device)
        lengths = torch.tensor([max(target.length, 1) for target in targets], device=device)
        if is_span.any():
            s, e = example[is_span], chosen[is_span]
            reach = e.unsqueeze(1) + torch.arange(MAX_SPAN, device=device)
            allowed = reach < batch.run_end[s, e].unsqueeze(1)
            reach = reach.clamp(max=most - 1)
            end_log = head.ends(gaps[is_span], starts[s, e], ends[s.unsqueeze(1), reach], allowed)
            picked = end_log.gather(1, (lengths[is_span] - 1).unsqueeze(1)).squeeze(1)
            end_total = end_total - (picked * weight[s]).sum()
        last = (chosen + lengths - 1).clamp(max=most - 1)
        span_items = torch.tanh(head.item(torch.cat([words[example, chosen], words[example, last]], dim=1)))
        closed = torch.tensor([max(target.closed, 0) for target in targets], device=device)
        items = torch.where(is_span.unsqueeze(1), span_items, head.glue[closed])
        gaps = head.step(gaps, items)
    return item_total / count, end_total / count
