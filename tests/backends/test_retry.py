from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.backends.retry import CallPolicy, retry_after_s


@given(attempt=st.integers(1, 30), dice=st.floats(0, 1), asked=st.none() | st.floats(0, 1e9))
def test_waits_are_bounded_and_end(attempt: int, dice: float, asked: float | None) -> None:
    policy = CallPolicy(attempts=10)
    delay = policy.delay_s(attempt, retry_after_s=asked, dice=dice)
    if attempt >= 10:
        assert delay is None
    elif asked is None:
        assert delay is not None
        assert 0 <= delay <= policy.backoff_cap_s
    else:
        assert delay == (asked if asked <= policy.retry_after_cap_s else None)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Thu, 01 Jan 1970 00:01:50 GMT"}, 10.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:50 GMT"}, 0.0),
        ({"retry-after": "3", "retry-after-ms": "1200"}, 1.2),
        ({"retry-after": "3", "retry-after-ms": "x"}, 3.0),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers, now=100.0) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_gives_a_wait_or_none(value: str) -> None:
    found = retry_after_s({"retry-after": value, "retry-after-ms": value}, now=0.0)
    assert found is None or (found >= 0 and math.isfinite(found))
