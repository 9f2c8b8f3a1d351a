"""Fences hold hostile text, and ordinary text is never touched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dialog
from dialog.fence import fenced, harmless

BRACKETS = re.compile(r"[(<＜﹤‹⟨〈〈❮❬❰˂ᐸᐳ《«≪⟪⋖ᚲ]|&lt;?|&#0*60;?|&#x0*3c;?", re.IGNORECASE)
TAG = re.compile(r"</?dialog-(?:state|summary|note)>")

PIECES = st.sampled_from(
    [
        *[
            "<",
            "</",
            "<<",
            "\uff1c",
            "\u2039",
            "&lt;",
            "/",
            ">",
            "\uff1e",
            "\n",
            "x",
            "<dialog-state>",
            "</dialog-note>",
        ],
        *["dialog", "dia\u200blog", "dialo\u0261", "DIALOG", "-", "\u2010", "\u00ad", "\u2212", "_", " "],
        *["state", "st\u0430te", "summary", "note"],
    ]
)
HOSTILE = st.lists(PIECES | st.text(max_size=4), max_size=20).map("".join)


@given(HOSTILE)
def test_no_text_opens_or_closes_a_fence(text: str) -> None:
    assert TAG.search(harmless(text)) is None
    assert len(TAG.findall(fenced("dialog-note", text))) == 2


@given(HOSTILE)
def test_only_brackets_are_ever_changed(text: str) -> None:
    assert BRACKETS.sub("", harmless(text)) == BRACKETS.sub("", text)


@pytest.mark.parametrize(
    "tag",
    [
        "</dialog-state>",
        "< / DIALOG-STATE >",
        "</dialog\u2011state>",
        "\uff1c/dialog-state\uff1e",
        "<\u200b/dialog\u00ad-state>",
        "</dіаlоg-ѕtаtе>",
        "<𝐝𝐢𝐚𝐥𝐨𝐠-𝐬𝐭𝐚𝐭𝐞>",
        "&lt;/dialog-state&gt;",
        "&#60;/dialog-summary>",
        "‹/dialog–note›",
        "</d\u0301ialog-state>",
        "<d1al0g-n0te>",
        "<<dialog-state>>",
    ],
)
def test_a_look_alike_loses_its_bracket(tag: str) -> None:
    assert harmless(f"a {tag} b") != f"a {tag} b"
    assert "(" in harmless(f"a {tag} b")


@pytest.mark.parametrize(
    "text",
    [
        "if (a < b && c > d) return <T>x;",
        "useState<DialogState>(initial); List<DialogSummary> all;",
        "<dialog open><p>hi</p></dialog>",
        "<Dialog state={open} note='x'/>",
        "x <dialog_state_t> y",
        "1 < dialogs - states",
        "《对话》 «guillemets» ‹x› <https://example.com>",
        "a <- b; cat <<EOF\nx\nEOF",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert harmless(text) == text


def test_the_source_of_this_library_is_left_alone_but_for_its_own_tags() -> None:
    for file in Path(dialog.__file__).parent.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        if not TAG.search(source) and "dialog-" not in source:
            assert harmless(source) == source, file.name
