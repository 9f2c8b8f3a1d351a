"""The dialogs of a store as the inspector finds them: those with an id, and conversations filed by digest.

A conversation without an id is filed anew with every turn (see `dialog.transport.keyless`); of those records only the
ones that no other goes on from are dialogs to look at, so an edited or regenerated message gives two.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from dialog import journal
from dialog.admission import abandoned
from dialog.change import fold_all
from dialog.codec import decode
from dialog.errors import StateUnreadable
from dialog.keys import dialog_of, key_of, keyless_key, prefix_of
from dialog.pipeline import Pipeline
from dialog.state import DialogState

AT_ONCE = 16
"""How many records are asked for at the same time, so that a long list does not take every connection of a pool."""
REMEMBERED = 20_000
"""Keyless records whose place in their conversation is remembered; it never changes."""

Document = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """A dialog's state as it stands now; `mark` differs whenever the state does."""

    ref: str
    state: DialogState
    mark: str


@dataclass(frozen=True)
class Record:
    """A dialog with the lines of its log, oldest first; `complete` when none of the first ones is gone."""

    found: Found
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class _Place:
    """Where a keyless record stands: its own turn, and those it goes on from."""

    turn_id: str
    before: frozenset[str]


class Shelf:
    """Reads dialogs, of one tenant at a time, and writes nothing. Methods raise StoreError."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._store = pipeline.store
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def dialogs(self, tenant: str, *, containing: str = "", limit: int) -> tuple[list[Found], int]:
        """The tenant's dialogs spoken in last, at most `limit`, and how many there are whose id holds `containing`.

        Dialogs without an id are among them only when `containing` is empty. Unreadable records are left out.
        """
        keys = [key async for key in self._store.keys(prefix_of(tenant))]
        keyed = [key for key in keys if (name := dialog_of(key)) is not None and containing in name]
        keyless = [] if containing else await self._leaves([key for key in keys if _filed_by_prefix(key)])
        found = [one for one in await self._each(tenant, [*keyed, *keyless]) if one is not None]
        found.sort(key=lambda one: last_at(one.state), reverse=True)
        return found[:limit], len(found)

    async def find(self, tenant: str, ref: str) -> Found | None:
        """The dialog that `ref` names among the tenant's; None when there is none. Raises StateUnreadable."""
        key = _key(tenant, ref)
        record = await self._store.load(key) if key is not None else None
        if record is None:
            return None
        state = decode(record.data)
        lapsed = abandoned(state, now=self._pipeline.clock())
        mark = f"{record.version.number}.{record.version.incarnation}.{len(lapsed)}"
        return Found(ref, fold_all(state, lapsed), mark)

    async def record(self, tenant: str, ref: str, *, turns: int) -> Record | None:
        """The dialog with its log; of a dialog without an id, the lines of its newest `turns` turns."""
        found = await self.find(tenant, ref)
        if found is None:
            return None
        if not ref.startswith("/"):
            return Record(found, tuple([document async for document in self._log(_key(tenant, ref) or "")]))
        ids = [*found.state.seen, *(turn.turn_id for turn in found.state.turns)][-turns:]
        logs = await asyncio.gather(*(self._whole_log(keyless_key(turn_id, tenant=tenant)) for turn_id in ids))
        return Record(found, tuple(document for log in logs for document in log))

    async def goes_on_as(self, tenant: str, ref: str) -> str:
        """Under which `ref` the dialog goes on: another one when a dialog without an id has had its next turn."""
        if not ref.startswith("/"):
            return ref
        own = unquote(ref[1:])
        keys = [key async for key in self._store.keys(prefix_of(tenant)) if _filed_by_prefix(key)]
        leaves = await self._leaves(keys)
        later = [key for key in leaves if (place := self._places.get(key)) is not None and own in place.before]
        return _ref(tenant, later[0]) if later else ref

    # -- records ---------------------------------------------------------------------------------------------------

    async def _each(self, tenant: str, keys: Sequence[str]) -> list[Found | None]:
        async def one(key: str) -> Found | None:
            async with self._room:
                try:
                    return await self.find(tenant, _ref(tenant, key))
                except StateUnreadable:
                    return None

        return list(await asyncio.gather(*map(one, keys)))

    async def _leaves(self, keys: Iterable[str]) -> list[str]:
        """The keyless records that no other one goes on from."""
        places = {key: place for key in keys if (place := await self._place(key)) is not None}
        passed = frozenset[str]().union(*(place.before for place in places.values()))
        return [key for key, place in places.items() if place.turn_id not in passed]

    async def _place(self, key: str) -> _Place | None:
        if key in self._places:
            return self._places[key]
        record = await self._store.load(key)
        if record is None:
            return None
        try:
            state = decode(record.data)
        except StateUnreadable:
            return None
        if not state.turns:
            return None
        before = frozenset((*state.seen, *(turn.turn_id for turn in state.turns[:-1])))
        self._places[key] = _Place(state.turns[-1].turn_id, before)
        while len(self._places) > REMEMBERED:
            self._places.popitem(last=False)
        return self._places[key]

    async def _whole_log(self, key: str) -> list[Document]:
        async with self._room:
            return [document async for document in self._log(key)]

    async def _log(self, key: str) -> AsyncIterator[Document]:
        async for entry in self._store.read_log(key):
            yield journal.read(entry.data)


def last_at(state: DialogState) -> float:
    """When the dialog was last spoken in, in seconds since the epoch; 0 when it has no recent turn."""
    return state.turns[-1].opened_at if state.turns else 0.0


def ref_of(dialog_id: str) -> str:
    """The `ref` of a dialog that has an id: plain ASCII, whatever the id holds."""
    return quote(dialog_id, safe="", errors="surrogatepass")


def _ref(tenant: str, key: str) -> str:
    return key.removeprefix(prefix_of(tenant))


def _key(tenant: str, ref: str) -> str | None:
    """The key that `ref` names; always one of the tenant's, for it is put together anew from its decoded parts."""
    if ref.startswith("/"):
        return keyless_key(unquote(ref[1:]), tenant=tenant) if ref[1:] else None
    return key_of(unquote(ref, errors="surrogatepass"), tenant=tenant) if ref else None


def _filed_by_prefix(key: str) -> bool:
    """Whether the key is of a record filed under the digest of its messages, and not under a provider's reply id."""
    _, _, rest = key.partition("/")
    return rest.startswith("/") and " " not in unquote(rest[1:])
