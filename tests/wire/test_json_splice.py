"""Splicing changes the values it was told to, and no other byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.wire.json_splice import Path, Replacement, splice

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
LAYOUTS = st.sampled_from([{"separators": (",", ":")}, {"indent": 2}, {"ensure_ascii": False}, {"indent": "\t"}])


def paths(value: Any, at: Path = ()) -> list[Path]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for step, item in inner for path in [(*at, step), *paths(item, (*at, step))]]


def put(value: Any, path: Path, new: object) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {name: put(item, path[1:], new) if name == path[0] else item for name, item in value.items()}
    return [put(item, path[1:], new) if place == path[0] else item for place, item in enumerate(value)]


@given(VALUES, VALUES, LAYOUTS, st.data())
def test_the_value_at_the_path_is_replaced_and_the_rest_means_the_same(
    document: Any, new: Any, layout: dict[str, Any], data: st.DataObject
) -> None:
    text = json.dumps(document, **layout)
    where = paths(document)
    if not where:
        return
    path = data.draw(st.sampled_from(where))
    assert json.loads(splice(text, [Replacement(path, new)])) == put(document, path, new)


@pytest.mark.parametrize(
    ("text", "path", "new", "expected"),
    [
        ('{ "a" : 1.0e5 ,"b":"x" }', ("b",), "y", '{ "a" : 1.0e5 ,"b":"y" }'),
        ('{"a":["\\u4f60",{"b":""}]}', ("a", 1, "b"), "好", '{"a":["\\u4f60",{"b":"好"}]}'),
        ('{"a":1,"a":2}', ("a",), 3, '{"a":1,"a":3}'),
        ('{"a":1}', ("new",), "x", '{"new":"x","a":1}'),
        (" {}", ("new",), [1], ' {"new":[1]}'),
        ('{"a":"\\\\\\"]}"}', ("a",), "b", '{"a":"b"}'),
        ('{"a":"x"}', ("a",), "\ud83d", '{"a":"\\ud83d"}'),
    ],
)
def test_every_other_byte_stays(text: str, path: Path, new: object, expected: str) -> None:
    assert splice(text, [Replacement(path, new)]) == expected


def test_several_values_are_replaced_at_once() -> None:
    text = '{"m":["a","b","c"]}'
    assert splice(text, [Replacement(("m", 2), "z"), Replacement(("m", 0), "x")]) == '{"m":["x","b","z"]}'


@pytest.mark.parametrize("path", [("a", "b"), ("a", 0), (0,), ("x", "y"), ("m", 3)])
def test_a_path_that_leads_nowhere_is_refused(path: Path) -> None:
    with pytest.raises(KeyError):
        splice('{"a":1,"m":[1,2]}', [Replacement(path, 0)])


@pytest.mark.parametrize("order", [1, -1])
def test_a_replacement_inside_another_is_refused(order: int) -> None:
    both = [Replacement(("m",), []), Replacement(("m", 0), "x")][::order]
    with pytest.raises(ValueError, match="inside"):
        splice('{"m":["a"]}', both)
