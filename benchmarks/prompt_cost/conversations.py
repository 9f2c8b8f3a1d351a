"""Conversations of a wanted length, joined from the dialogues of public data sets, with what their users stated."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@dataclass(frozen=True)
class Exchange:
    """A user's message and the reply; `stated`: the annotated values so far of its dialogue, each as its wordings."""

    user: str
    reply: str
    stated: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Conversation:
    name: str
    exchanges: tuple[Exchange, ...]


def joined(name: str, *, turns: int, wanted: int) -> list[Conversation]:
    """`wanted` conversations of `turns` exchanges, each made of consecutive dialogues of data set `name`."""
    found: list[Conversation] = []
    exchanges: list[Exchange] = []
    for dialogue in _dialogues(name):
        exchanges += dialogue
        if len(exchanges) >= turns:
            found.append(Conversation(f"{name}/{len(found)}", tuple(exchanges[:turns])))
            exchanges = []
        if len(found) == wanted:
            break
    return found


def lengthened(conversation: Conversation, *, tokens: int, count: Callable[[str], int]) -> Conversation:
    """The conversation with every reply followed by sentences of other replies of it until it has `tokens` tokens.

    The sentences are real ones of the same data, drawn by a generator seeded with the conversation's name.
    """
    draw = random.Random(conversation.name)
    others = [exchange.reply for exchange in conversation.exchanges if exchange.reply]
    glue = " " if conversation.exchanges[0].user.isascii() else ""

    def longer(exchange: Exchange) -> Exchange:
        reply = exchange.reply
        while others and count(reply) < tokens:
            reply += glue + draw.choice(others)
        return Exchange(exchange.user, reply, exchange.stated)

    return Conversation(f"{conversation.name}+{tokens}", tuple(map(longer, conversation.exchanges)))


def _dialogues(name: str) -> Iterator[list[Exchange]]:
    if name == "ikat2023":
        yield from _ikat()
        return
    folder = "topic" if name in ("kdconv", "dialseg711") else "slots"
    for line in (DATA / folder / f"{name}.dev.jsonl").open(encoding="utf-8"):
        yield _exchanges(json.loads(line)["turns"])


def _exchanges(turns: list[dict]) -> list[Exchange]:
    """Pairs of user text and reply; several turns of one side in a row are joined."""
    found: list[Exchange] = []
    for turn in turns:
        if turn["role"] == "user":
            found.append(Exchange(turn["text"], "", _values(turn.get("state", {}))))
        elif found:
            last = found[-1]
            found[-1] = Exchange(last.user, f"{last.reply} {turn['text']}".strip(), last.stated)
    return found


def _values(state: dict[str, dict[str, list[str]]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(wordings) for slots in state.values() for wordings in slots.values())


def _ikat() -> Iterator[list[Exchange]]:
    """The longest history of each topic of iKAT 2023, whose replies are passages of ordinary length."""
    longest: dict[str, list[dict]] = {}
    for part in ("train", "dev"):
        for line in (DATA / "rewrite" / f"ikat2023.{part}.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            topic = row["id"].rsplit("_", 1)[0]
            if len(row["history"]) > len(longest.get(topic, [])):
                longest[topic] = row["history"]
    for turns in longest.values():
        yield _exchanges(turns)
