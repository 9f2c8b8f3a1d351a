"""States survive being stored, from every version ever shipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from pydantic import ValidationError

from dialog.change import Change, fold_all
from dialog.codec import decode, encode
from dialog.errors import StateTooNew, StateUnreadable
from dialog.state import SCHEMA_VERSION, DialogState
from tests.core.strategies import histories

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "state"


@given(histories)
def test_a_state_comes_back_equal(history: list[Change]) -> None:
    state = fold_all(DialogState(dialog_id="d"), history)
    assert decode(encode(state)) == state


@pytest.mark.parametrize("sample", sorted(SAMPLES.rglob("*.json")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_shipped_version_loads(sample: Path) -> None:
    state = decode(sample.read_bytes())
    assert state.schema_version == SCHEMA_VERSION
    assert state.turns


def test_there_is_a_sample_of_the_current_version() -> None:
    assert list((SAMPLES / f"v{SCHEMA_VERSION}").glob("*.json"))


def test_the_schema_version_comes_first() -> None:
    assert encode(DialogState(dialog_id="d")).startswith(b'{"schema_version":%d,' % SCHEMA_VERSION)


def test_a_newer_state_is_refused() -> None:
    with pytest.raises(StateTooNew) as refused:
        decode(b'{"schema_version":99,"dialog_id":"d"}')
    assert (refused.value.found, refused.value.known) == (99, SCHEMA_VERSION)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"\xff\x00", b'{"schema_version":1,"turns":3}', b'{"schema_version":0}']
)
def test_other_bytes_are_refused_without_quoting_them(data: bytes) -> None:
    with pytest.raises(StateUnreadable):
        decode(data)


def test_a_refusal_names_the_field_but_not_what_was_in_it() -> None:
    with pytest.raises(StateUnreadable) as refused:
        decode(b'{"schema_version":1,"dialog_id":"d","active_topic":{"secret":"words"}}')
    assert "active_topic" in str(refused.value)
    assert "words" not in str(refused.value)


def test_a_value_that_is_refused_does_not_quote_what_was_said() -> None:
    with pytest.raises(ValidationError) as refused:
        DialogState.model_validate({"dialog_id": "d", "turns": "my password is hunter2"})
    assert "hunter2" not in str(refused.value)
