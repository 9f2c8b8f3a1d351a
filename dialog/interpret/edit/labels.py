"""What can be decided about a message: which of its words go, and what comes in between them."""

from __future__ import annotations

from dataclasses import dataclass


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


GLUE_WORDS = _listed(
    "the of in on at to for from by with about and or 's a an is are was were there other than aside besides any as "
    "that also during between into regarding did do does have has had be been i you their his her its what how who "
    "when where if then after before not "
    "的 在 是 了 和 里 上 中 对 给 有 吗 不 我 你 呢 要 想 去 那 这 个 家 说 还 就 会"
)
"""The closed list of words that a rewrite may add without a source. Its order is part of the trained weights."""

MAX_ITEMS = 5
MAX_SPAN = 14
"""The items that come in at one place, and the words of one span, at most."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Words `start`..`end` (exclusive) of the window."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Glue:
    """Word `n` of GLUE_WORDS."""

    n: int


Item = Copy | Glue


@dataclass(frozen=True, slots=True)
class Labels:
    """For a message of n words: which are deleted (n), and what is inserted before each and at the end (n + 1)."""

    deleted: tuple[bool, ...]
    inserted: tuple[tuple[Item, ...], ...]

    def __post_init__(self) -> None:
        if len(self.inserted) != len(self.deleted) + 1:
            raise ValueError(f"{len(self.deleted)} words have {len(self.deleted) + 1} gaps, got {len(self.inserted)}")

    @property
    def keep(self) -> bool:
        """Whether they leave the message as it is."""
        return not any(self.deleted) and not any(self.inserted)


def no_edit(n: int) -> Labels:
    """The labels that leave a message of `n` words as it is."""
    return Labels((False,) * n, ((),) * (n + 1))
