"""The figures of the rewriting page that are not the public scorer's."""

from __future__ import annotations

import pytest

from benchmarks.rewriting.confidence import Judged, bins, calibration_error, kept_wrong, risk_by_coverage


def judged(*pairs: tuple[float, bool], dependent: bool = True) -> list[Judged]:
    return [Judged(confidence, right, dependent) for confidence, right in pairs]


def test_confidence_that_is_the_share_right_has_no_calibration_error() -> None:
    assert calibration_error(judged((0.75, True), (0.75, True), (0.75, True), (0.75, False))) == pytest.approx(0)


def test_the_calibration_error_is_the_mean_gap_weighted_by_the_size_of_the_bins() -> None:
    some = judged((0.95, False), (0.15, True), (0.15, False), (0.15, False))
    assert calibration_error(some) == pytest.approx((0.95 + 3 * (1 / 3 - 0.15)) / 4)
    assert [each.count for each in bins(some)] == [3, 1]


def test_full_confidence_is_in_the_last_bin() -> None:
    assert [each.confidence for each in bins(judged((1.0, True), (0.0, False)))] == [0.0, 1.0]


def test_risk_is_counted_from_the_surest_on() -> None:
    assert risk_by_coverage(judged((0.2, False), (0.9, True))) == [(0.5, 0.0), (1.0, 0.5)]


def test_what_is_sent_on_are_the_least_sure_of_the_dependent_messages() -> None:
    some = judged((0.9, True), (0.8, False), (0.3, False), (0.2, False)) + judged((0.1, False), dependent=False)
    assert kept_wrong(some, escalated=0.5) == (0.8, 0.5)
    assert kept_wrong(some, escalated=0.75) == (0.9, 0.0)
