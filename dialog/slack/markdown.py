"""Replies as Slack shows them: parts of bounded length that end where paragraphs do, and mrkdwn where markdown is not
understood. https://docs.slack.dev/messaging/formatting-message-text"""

from __future__ import annotations

import re

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_FENCE = re.compile(r"^[ ]{0,3}(```+|~~~+)([^\n`]*)", re.MULTILINE)
_BROADCAST = re.compile(r"<!(?=channel|here|everyone|subteam|group)")
_MAYBE_BROADCAST = re.compile(r"<(?:![a-z]{0,8})?\Z")
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)


def harmless(text: str) -> str:
    """`text` without the power to notify a whole channel: what a model writes is data."""
    return _BROADCAST.sub("<\u200b!", text)


def settled(text: str) -> str:
    """`text` less an end that may still turn out to be a notification."""
    return _MAYBE_BROADCAST.sub("", text)


def cut(text: str, limit: int, *, least: int = 0) -> int:
    """Where to end the first part of `text`: at most `limit` characters, at least `least`, after a paragraph if there
    is one to end at, else after a line, a sentence, a word."""
    if len(text) <= limit:
        return len(text)
    for ends in (_PARAGRAPH, re.compile(r"\n"), _SENTENCE, re.compile(r"\s+")):
        found = [end.end() for end in ends.finditer(text, least, limit) if least < end.end() <= limit]
        outside = [end for end in found if not open_fence(text[:end])] if ends is _PARAGRAPH else found
        if chosen := outside or found:
            return chosen[-1]
    return max(limit, least)


def open_fence(text: str) -> str:
    """The line that opened a code block which `text` does not close; "" when all are closed."""
    opened = ""
    for found in _FENCE.finditer(text):
        if not opened:
            opened = found.group().strip()
        elif found[1].startswith(opened[:3]) and not found[2].strip():
            opened = ""
    return opened


def carried(part: str) -> tuple[str, str]:
    """The part with its code block closed, and what opens that block again in the next part."""
    fence = open_fence(part)
    return (f"{part.rstrip()}\n{fence[:3]}", f"{fence}\n") if fence else (part.rstrip(), "")


def parts(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` characters, each whole in itself; an empty text has none."""
    found: list[str] = []
    rest = text
    while rest.strip():
        end = cut(rest, limit if len(rest) <= limit else limit - 64)  # room for the fences of a code block
        part, again = carried(rest[:end]) if end < len(rest) else (rest.rstrip(), "")
        found.append(part)
        rest = again + rest[end:].lstrip("\n") if end < len(rest) else ""
    return found


def mrkdwn(markdown: str) -> str:
    """Markdown in the markup of Slack's text fields: bold, italics, struck out, links, headings and lists."""
    return "".join(
        escaped(piece) if number % 2 else _styled(escaped(piece)) for number, piece in enumerate(_CODE.split(markdown))
    )


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _styled(text: str) -> str:
    text = re.sub(r"!?\[([^\]\n]*)\]\((https?://[^\s)|]+)\)", lambda link: f"<{link[2]}|{link[1] or link[2]}>", text)
    text = re.sub(r"(?<![*\w])\*(?![*\s])([^*\n]+?)(?<![*\s])\*(?![*\w])", r"_\1_", text)
    text = re.sub(r"\*\*(?!\s)(.+?)(?<!\s)\*\*|__(?!\s)(.+?)(?<!\s)__", lambda bold: f"*{bold[1] or bold[2]}*", text)
    text = re.sub(r"~~(?!\s)(.+?)(?<!\s)~~", r"~\1~", text)
    text = re.sub(r"(?m)^#{1,6}[ \t]+(.+?)[ \t]*#*$", lambda title: f"*{title[1].strip('*')}*", text)
    text = re.sub(r"(?m)^&gt;[ ]?", "> ", text)
    return re.sub(r"(?m)^([ \t]*)[-*+][ \t]+", r"\1• ", text)
