"""`DialogTransport`: the door in front of any synchronous HTTP transport, over the pipeline's bridge."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from dialog.pipeline import Pipeline
from dialog.transport.bridge import Bridge, bridge_of
from dialog.transport.context import leave_trace
from dialog.transport.door import Door, Options
from dialog.transport.family import arriving, family_of, in_memory, lowered, outgoing
from dialog.transport.passage import Passage

if TYPE_CHECKING:
    from httpx import BaseTransport as _Base
else:
    _Base = object  # by shape alone: the library at hand may be either, and none is imported


class DialogTransport(_Base):
    """As `AsyncDialogTransport`, for a `BaseTransport` of `httpx` or `httpx2`.

    The pipeline must be used by synchronous callers only (see `dialog.transport.bridge`).
    """

    def __init__(self, pipeline: Pipeline, inner: Any, options: Options | None = None) -> None:
        self._inner = inner
        self._door = Door(pipeline, options)
        self._pipeline = pipeline
        self._bridge: Bridge | None = None

    def handle_request(self, request: Any) -> Any:
        """The inner transport's response, unchanged but for `x-dialog-*` headers."""
        bridge = self._bridge = bridge_of(self._pipeline)
        passage = bridge.call(self._door.enter(arriving(request)))
        if passage.trace is not None:
            leave_trace(passage.trace)  # the door left it on the bridge's side
        try:
            response = self._inner.handle_request(outgoing(request, passage.body))
        except Exception as error:
            bridge.call(passage.broke(error))
            raise
        except BaseException:  # KeyboardInterrupt, SystemExit
            bridge.call(passage.left())
            raise
        bridge.call(passage.answered(response.status_code, lowered(response)))
        response.headers.update(passage.headers)
        if not passage.listens:
            return response
        if (whole := in_memory(response.stream)) is not None:  # a transport that made the response by itself
            passage.feed(whole)
            bridge.call(passage.ended())
        else:
            response.stream = _overheard(family_of(response))(response.stream, passage, bridge)
        return response

    def close(self) -> None:
        self._inner.close()
        self._settle()

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self._inner.__exit__(kind, error, trace)
        self._settle()

    def _settle(self) -> None:
        if self._bridge is not None and not self._bridge.closed:
            self._bridge.call(self._door.settled())


def _listened(inner: Any, passage: Passage, bridge: Bridge) -> Iterator[bytes]:
    """The chunks of `inner`, each passed on as it came; however they stop, the turn's end is recorded."""
    try:
        for chunk in inner:
            if passage.feed(chunk):
                bridge.call(passage.ended())
            yield chunk
    except Exception as error:
        bridge.call(passage.broke(error))
        raise
    except BaseException:  # GeneratorExit, KeyboardInterrupt
        bridge.call(passage.left())
        raise
    bridge.call(passage.ended())


@cache
def _overheard(family: ModuleType) -> type[Any]:
    """The stream class of a family; its clients insist on their own base class."""

    class Overheard(family.SyncByteStream):  # type: ignore[name-defined, misc]
        def __init__(self, inner: Any, passage: Passage, bridge: Bridge) -> None:
            self._inner = inner
            self._passage = passage
            self._bridge = bridge

        def __iter__(self) -> Iterator[bytes]:
            return _listened(self._inner, self._passage, self._bridge)

        def close(self) -> None:
            try:
                if not self._bridge.closed:
                    self._bridge.call(self._passage.left())
            finally:
                self._inner.close()

    return Overheard
