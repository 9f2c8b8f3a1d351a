"""A dialog by the OpenAI Agents SDK (Responses API, with a session of its own); run by `tests.integrations.run` as a
script: URL, then the user's turns."""

import asyncio
import json
import sys

from agents import Agent, Runner, SQLiteSession, set_default_openai_client, set_tracing_disabled
from openai import AsyncOpenAI


async def main(url: str, turns: list[str]) -> None:
    set_tracing_disabled(True)
    set_default_openai_client(AsyncOpenAI(base_url=f"{url}/v1", api_key="k"))
    agent = Agent(name="Concierge", instructions="You recommend restaurants.", model="m")
    session = SQLiteSession("one")
    replies = []
    for number, text in enumerate(turns):
        if number == 1:
            streamed = Runner.run_streamed(agent, text, session=session)
            async for _ in streamed.stream_events():
                pass
            replies.append(streamed.final_output)
        else:
            replies.append((await Runner.run(agent, text, session=session)).final_output)
    print(json.dumps(replies))


asyncio.run(main(sys.argv[1], sys.argv[2:]))
