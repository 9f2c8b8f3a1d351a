"""The command line in a real pseudo-terminal, and as a child process with pipes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pexpect

COMMAND = [sys.executable, "-m", "dialog.cli"]
WITHOUT_EXTRAS = [
    sys.executable,
    "-c",
    "import sys; sys.modules.update(rich=None, prompt_toolkit=None); from dialog.cli import main; sys.exit(main())",
]
"""The command where the libraries of the chat extra cannot be imported."""

LIMIT_S = 20
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"
CTRL_C, CTRL_D, CTRL_R, TAB, ENTER, ALT_ENTER, UP = "\x03", "\x04", "\x12", "\t", "\r", "\x1b\r", "\x1b[A"


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a child: nothing of the developer's that would choose a model, a language or colours."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TIKTOKEN_CACHE_DIR")}
    return kept | {"XDG_DATA_HOME": str(data), "LANG": "C.UTF-8", "OLLAMA_HOST": "127.0.0.1:9"} | more


class Terminal:
    """A chat in a pseudo-terminal of `rows` x `columns`."""

    _open: ClassVar[list[Terminal]] = []

    def __init__(
        self,
        data: Path,
        *args: str,
        command: list[str] = COMMAND,
        rows: int = 24,
        columns: int = 80,
        env: Mapping[str, str] | None = None,
    ) -> None:
        # Nobody answers the cursor position requests of prompt_toolkit here, so it is told not to ask.
        more = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"} | dict(env or {})
        self.child = pexpect.spawn(
            command[0],
            [*command[1:], *args],
            env=environment(data, **more),
            dimensions=(rows, columns),
            encoding="utf-8",
            timeout=LIMIT_S,
        )
        self.child.delaybeforesend = None
        self.seen = ""
        self._open.append(self)

    @classmethod
    def close_all(cls) -> None:
        """End every terminal that is still open, as a failed test leaves it."""
        while cls._open:
            child = cls._open.pop().child
            if child.async_pw_transport is not None:
                child.async_pw_transport[1].close()
            child.close(force=True)

    async def expect(self, text: str) -> str:
        """Wait until `text` is on the way to the screen; what came before it."""
        await self.child.expect(re.escape(text), async_=True)
        before = self.child.before
        assert isinstance(before, str)
        self.seen += before + text
        return before

    def type(self, text: str) -> None:
        self.child.send(text)

    async def ended(self) -> int:
        """Wait for the end; the exit code."""
        await self.child.expect(pexpect.EOF, async_=True)
        self.seen += self.child.before
        self.child.close()
        assert self.child.exitstatus is not None, f"ended by signal {self.child.signalstatus}"
        return self.child.exitstatus


def run(
    data: Path, *args: str, stdin: bytes = b"", command: list[str] = COMMAND, **more: str
) -> subprocess.CompletedProcess[bytes]:
    """The command with pipes for a terminal."""
    return subprocess.run(
        [*command, *args], input=stdin, capture_output=True, env=environment(data, **more), timeout=60, check=False
    )
