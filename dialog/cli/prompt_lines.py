"""Messages typed on a terminal with `prompt_toolkit` (extra "chat"): editing, history search, completion, paste.

Enter sends, Alt+Enter (Esc, then Enter) begins a new line, a paste of several lines waits for Enter, Ctrl-R searches
what was said before, Tab completes commands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import completion_is_selected, has_focus
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

MENU_LINES = 4
"""Lines kept free below the prompt for completions; more would push the first-run help off a screen of 24."""

Suggest = Callable[[str], Sequence[tuple[str, str]]]
"""(text so far) -> (replacement of all of it, what it is for)."""


class PromptLines:
    """Lines with editing. Their history is what `recall` was given and what is typed: it is kept in no file."""

    def __init__(self, prompt: str, *, suggest: Suggest) -> None:
        self._prompt = prompt
        self._history = InMemoryHistory()
        self._session: PromptSession[str] = PromptSession(
            history=self._history,
            completer=_CommandCompleter(suggest),
            complete_while_typing=True,
            key_bindings=_bindings(),
            multiline=True,
            reserve_space_for_menu=MENU_LINES,
            prompt_continuation=lambda width, line, wrapped: " " * width,
        )

    async def ask(self) -> str:
        return await self._session.prompt_async(self._prompt)

    def recall(self, said: Iterable[str]) -> None:
        for text in said:
            self._history.append_string(text)


class _CommandCompleter(Completer):
    """Completes a message that is a command in the making; leaves all others alone."""

    def __init__(self, suggest: Suggest) -> None:
        self._suggest = suggest

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        typed = document.text
        if not typed.startswith("/") or "\n" in typed or document.cursor_position != len(typed):
            return
        for whole, about in self._suggest(typed):
            yield Completion(whole, start_position=-len(typed), display_meta=about)


def _bindings() -> KeyBindings:
    bindings = KeyBindings()
    typing = has_focus(DEFAULT_BUFFER)  # and not in a search of the history, which has keys of its own

    @bindings.add("enter", filter=typing & ~completion_is_selected)
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @bindings.add("enter", filter=typing & completion_is_selected)
    def take(event: KeyPressEvent) -> None:
        event.current_buffer.complete_state = None

    @bindings.add("escape", "enter", filter=typing)
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @bindings.add("c-c", filter=typing)
    def clear_or_interrupt(event: KeyPressEvent) -> None:
        """Away with what was typed; on an empty line, KeyboardInterrupt."""
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt)

    return bindings
