"""Splitting and markup, as pure functions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.slack.events import Message, plain, read_message, tenant_of
from dialog.slack.markdown import cut, harmless, mrkdwn, open_fence, parts, settled

prose = st.text(alphabet="ab .\n。`<!here", max_size=900)


@given(prose, st.integers(100, 400))
def test_parts_keep_every_word_in_order_and_fit(text: str, limit: int) -> None:
    found = parts(text, limit)
    assert all(part.strip() and len(part) <= limit for part in found)
    if "```" not in text and "~~~" not in text:
        assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)


@given(prose, st.integers(0, 200), st.integers(50, 400))
def test_a_cut_is_within_its_bounds(text: str, least: int, limit: int) -> None:
    end = cut(text, limit, least=min(least, limit))
    assert end == len(text) if len(text) <= limit else min(least, limit) <= end <= limit


@given(prose, st.integers(0, 900))
def test_what_was_shown_early_is_how_the_whole_begins(text: str, at: int) -> None:
    assert harmless(text).startswith(harmless(settled(text[:at])))


@given(prose)
def test_nothing_harmless_notifies_a_channel(text: str) -> None:
    assert not re.search(r"<!(here|channel|everyone)", harmless(text))


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**bold** and *slanted*", "*bold* and _slanted_"),
        ("~~gone~~", "~gone~"),
        ("# Title\ntext", "*Title*\ntext"),
        ("- one\n- two", "• one\n• two"),
        ("[here](https://example.com/a?b=1&c=2)", "<https://example.com/a?b=1&amp;c=2|here>"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("`**code**` stays", "`**code**` stays"),
        ("> quoted", "> quoted"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("**重点**：川菜", "*重点*：川菜"),
        ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"),
    ],
)
def test_markdown_becomes_what_slack_shows(markdown: str, shown: str) -> None:
    assert mrkdwn(markdown) == shown


def test_an_open_code_block_is_seen() -> None:
    assert open_fence("text\n```python\nx = 1") == "```python"
    assert open_fence("text\n```python\nx = 1\n```\n") == ""


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("<@UBOT> hello", "hello"),
        ("<@U2> and <@U3|ana>", "@U2 and @ana"),
        ("in <#C1|general>", "in #general"),
        ("<!here> <!subteam^S1|@cooks>", "@here @cooks"),
        ("<https://a.com> <https://a.com|a.com> <mailto:x@a.com|x@a.com>", "https://a.com https://a.com x@a.com"),
        ("1 &lt; 2 &amp;&amp; 3", "1 < 2 && 3"),
    ],
)
def test_slacks_markup_is_read_as_a_person_reads_it(sent: str, said: str) -> None:
    assert plain(sent, "UBOT") == said


def test_tenants_of_an_organisation_are_apart() -> None:
    assert tenant_of(team_id="T1", enterprise_id=None, is_enterprise_install=False) == "T1"
    assert tenant_of(team_id="T1", enterprise_id="E1", is_enterprise_install=False) == "T1"
    assert tenant_of(team_id="T1", enterprise_id="E1", is_enterprise_install=True) == "E1:T1"


def test_a_deletion_is_later_than_any_edit_and_an_edit_than_the_message() -> None:
    said, edited, later, gone = (
        Message(tenant="T1", channel="C1", ts="1.0", revision=revision)
        for revision in ("", "1700000001.000100", "1700000001.000200", "deleted")
    )
    assert edited.supersedes(said)
    assert later.supersedes(edited)
    assert gone.supersedes(later)
    assert not edited.supersedes(later)
    assert not later.supersedes(gone)
    assert not said.supersedes(said)


@given(
    st.dictionaries(
        st.sampled_from(["type", "subtype", "message", "channel", "ts", "user", "text"]), st.text() | st.none()
    )
)
def test_an_odd_event_is_read_as_nothing_or_a_message(event: dict[str, str | None]) -> None:
    read_message(event, tenant="T1", team_id="T1", bot_user_id="UBOT")
