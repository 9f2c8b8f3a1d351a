"""Dialogs to look at."""

from __future__ import annotations

from typing import Literal

from dialog.cli.demo_script import script
from dialog.pipeline import Pipeline
from dialog.state import ToolExchange

HOSTILE = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'> <svg onload=alert(1)>",
    "\u202egnp.exe\u202c and \u2066isolated\u2069 then \u200fmark",
    "w" * 3_000,
    "NUL \x00 and bell \x07 and escape \x1b[31m",
    "</script><style>body{display:none}</style>",
    "javascript:alert(1) \"' onmouseover=alert(1) x='",
    "👩‍👩‍👧‍👦 " * 40 + "𝒜" * 10 + "e" + "\u0301" * 50,
)


async def dinner(pipeline: Pipeline, dialog_id: str = "dinner", lang: Literal["en", "zh"] = "en") -> None:
    """The conversation of the demo, one turn after the other."""
    for at, scene in enumerate(script(lang)):
        await say(pipeline, dialog_id, scene.user, scene.reply, turn_id=f"u{at + 1}")


async def say(
    pipeline: Pipeline,
    dialog_id: str,
    text: str,
    reply: str,
    *,
    turn_id: str | None = None,
    tenant: str = "",
    speaker: str | None = None,
    status: Literal["closed", "partial"] = "closed",
    tools: tuple[ToolExchange, ...] = (),
) -> None:
    async with pipeline.turn(dialog_id, text, turn_id=turn_id, tenant=tenant, speaker=speaker) as turn:
        await turn.close(reply, status=status, tools=tools)
    await pipeline.settled()


async def unwell(pipeline: Pipeline, dialog_id: str = "unwell") -> None:
    """A dialog in which things go wrong: a partial reply, a failed turn, one taken up again, one let go of."""
    await say(pipeline, dialog_id, "Where can I eat Thai food in Boston?", "Try the", turn_id="u1", status="partial")
    for turn_id, failure in (("u2", "BackendTimeout"), ("u3", "BackendRefused")):
        async with pipeline.turn(dialog_id, "and in Denver?", turn_id=turn_id) as turn:
            await turn.fail(failure)
    await say(pipeline, dialog_id, "and in Denver?", "Try the red door.", turn_id="u3")
    async with pipeline.turn(dialog_id, "is it open?", turn_id="u4"):
        pass
    await pipeline.set_slots(dialog_id, {"city": "Boston", "seats": 4})


async def hostile(pipeline: Pipeline, dialog_id: str = "<b onclick=alert(1)>\u202eid\x00") -> None:
    """Texts that try to be markup, to turn the page round, or to break its lines."""
    for at, text in enumerate(HOSTILE):
        await say(pipeline, dialog_id, text, f"You said: {text}", turn_id=f'"><script>{at}', speaker="<i>Eve</i>")
    await pipeline.set_slots(dialog_id, {"<u>slot</u>": "<img src=x onerror=alert(1)>"})
