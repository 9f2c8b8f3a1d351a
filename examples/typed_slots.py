"""Declare what you want to know as a pydantic model, and read it typed after any turn.

    python examples/typed_slots.py

prints:

    cuisine='Chinese' city='Boston' guests=2
    cuisine='Thai' city='Boston' guests=4
    the assistant proposed Korean; cuisine is still Thai
"""

import asyncio
from typing import Literal

from pydantic import BaseModel, Field

from dialog import open_pipeline


class RestaurantSearch(BaseModel):
    """A search for a table."""

    cuisine: Literal["Chinese", "Thai", "Korean"] | None = Field(default=None, description="kind of food")
    city: Literal["Boston", "New York"] | None = Field(default=None, description="where to eat")
    guests: int = Field(default=2, description="number of people")


async def main() -> None:
    async with open_pipeline("memory:", schema=RestaurantSearch) as pipeline:

        async def say(text: str, reply: str) -> RestaurantSearch:
            async with pipeline.turn("ann", text) as turn:
                await turn.close(reply)
            return turn.state.slots_as(RestaurantSearch)

        print(await say("I am looking for a Chinese restaurant in Boston.", "There is Lantern House."))
        print(await say("make that Thai, for four people", "There is Siam Garden."))
        search = await say("Is it any good?", "It is. If you like, I could show you Korean restaurants as well.")
        print(f"the assistant proposed Korean; cuisine is still {search.cuisine}")


asyncio.run(main())
