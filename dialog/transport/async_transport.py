"""`AsyncDialogTransport`: the door in front of any async HTTP transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import cache
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from dialog.pipeline import Pipeline
from dialog.transport.door import Door, Options
from dialog.transport.family import arriving, family_of, in_memory, lowered, outgoing
from dialog.transport.passage import Passage

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport as _Base
else:
    _Base = object  # by shape alone: the library at hand may be either, and none is imported


class AsyncDialogTransport(_Base):
    """Grounds requests on their way to `inner`, and hears the replies; runs on asyncio.

    Works by shape: `inner` is an `AsyncBaseTransport` of `httpx` or `httpx2`, and is closed with this one. The pipeline
    stays open.
    """

    def __init__(self, pipeline: Pipeline, inner: Any, options: Options | None = None) -> None:
        self._inner = inner
        self._door = Door(pipeline, options)

    async def handle_async_request(self, request: Any) -> Any:
        """The inner transport's response, unchanged but for `x-dialog-*` headers."""
        passage = await self._door.enter(arriving(request))
        try:
            response = await self._inner.handle_async_request(outgoing(request, passage.body))
            await passage.answered(response.status_code, lowered(response))
        except (asyncio.CancelledError, GeneratorExit):
            await passage.left()
            raise
        except BaseException as error:
            await passage.broke(error)
            raise
        response.headers.update(passage.headers)
        if not passage.listens:
            return response
        if (whole := in_memory(response.stream)) is not None:  # a transport that made the response by itself
            passage.feed(whole)
            await passage.ended()
        else:
            response.stream = _overheard(family_of(response))(response.stream, passage)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()
        await self._door.settled()

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self._inner.__aexit__(kind, error, trace)
        await self._door.settled()


async def _listened(inner: Any, passage: Passage) -> AsyncIterator[bytes]:
    """The chunks of `inner`, each passed on as it came; however they stop, the turn's end is recorded."""
    try:
        async for chunk in inner:
            if passage.feed(chunk):
                # Before the chunk goes on: clients stop reading at the mark, and may ask the next thing at once.
                await passage.ended()
            yield chunk
    except (asyncio.CancelledError, GeneratorExit):
        await passage.left()
        raise
    except BaseException as error:
        await passage.broke(error)
        raise
    await passage.ended()


@cache
def _overheard(family: ModuleType) -> type[Any]:
    """The stream class of a family; its clients insist on their own base class."""

    class Overheard(family.AsyncByteStream):  # type: ignore[name-defined, misc]
        def __init__(self, inner: Any, passage: Passage) -> None:
            self._inner = inner
            self._passage = passage

        def __aiter__(self) -> AsyncIterator[bytes]:
            return _listened(self._inner, self._passage)

        async def aclose(self) -> None:
            try:
                await self._passage.left()
            finally:
                await self._inner.aclose()

    return Overheard
