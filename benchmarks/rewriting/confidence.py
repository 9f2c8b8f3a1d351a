"""Whether confidence means what it says: calibration, risk against coverage, and what `auto` would send on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Judged:
    """One answer: its confidence, whether it was right, and whether its message needed a change."""

    confidence: float
    right: bool
    dependent: bool


@dataclass(frozen=True)
class Bin:
    """Answers of about the same confidence."""

    confidence: float
    right: float
    count: int


def bins(judged: Sequence[Judged], *, count: int = 10) -> list[Bin]:
    """`count` equally wide bins of confidence, the empty ones left out."""
    sorted_in: dict[int, list[Judged]] = {}
    for each in judged:
        sorted_in.setdefault(min(int(each.confidence * count), count - 1), []).append(each)
    return [
        Bin(
            sum(each.confidence for each in some) / len(some),
            sum(each.right for each in some) / len(some),
            len(some),
        )
        for _, some in sorted(sorted_in.items())
    ]


def calibration_error(judged: Sequence[Judged]) -> float:
    """The expected calibration error over ten equally wide bins (Naeini et al. 2015), 0..1."""
    return sum(abs(each.confidence - each.right) * each.count for each in bins(judged)) / max(1, len(judged))


def risk_by_coverage(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """For each share of the answers, the surest first, the share of wrong ones among it (El-Yaniv and Wiener 2010)."""
    ranked = sorted(judged, key=lambda each: -each.confidence)
    points, wrong = [], 0
    for n, each in enumerate(ranked, 1):
        wrong += not each.right
        points.append((n / len(ranked), wrong / n))
    return points


def kept_wrong(judged: Sequence[Judged], *, escalated: float) -> tuple[float, float]:
    """With the least sure share `escalated` of the dependent messages sent to a model: the threshold that does that,
    and the share of wrong answers among those kept."""
    ranked = sorted((each for each in judged if each.dependent), key=lambda each: -each.confidence)
    kept = ranked[: max(1, round(len(ranked) * (1 - escalated)))]
    return kept[-1].confidence, sum(not each.right for each in kept) / len(kept)
