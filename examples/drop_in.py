"""Ground the follow-ups of a program that has its own HTTP client or SDK: one line changes, the rest stays.

Needs nothing but the package: the provider below stands for the real one. With an SDK the line is
`AsyncOpenAI(http_client=dialog.http_client(pipeline))`, and the same for Anthropic and google-genai.

    python examples/drop_in.py

prints:

    the program sends:     what about Thai?
    the provider receives: What is the best Thai restaurant in New York?
    the answer's headers:  x-dialog-rewritten: true
"""

import asyncio
import json

import httpx

from dialog import open_pipeline
from dialog.transport import AsyncDialogTransport

received: list[str] = []


def provider(request: httpx.Request) -> httpx.Response:
    received.append(json.loads(request.content)["messages"][-1]["content"])
    reply = {"role": "assistant", "content": "Try Joe's Shanghai in Chinatown."}
    return httpx.Response(200, json={"choices": [{"index": 0, "message": reply, "finish_reason": "stop"}]})


async def main() -> None:
    async with open_pipeline("memory:") as pipeline:
        transport = AsyncDialogTransport(pipeline, httpx.MockTransport(provider))  # the line that changes
        async with httpx.AsyncClient(transport=transport, base_url="https://api.example/v1") as client:
            messages: list[dict[str, str]] = []
            for text in ("What is the best Chinese restaurant in New York?", "what about Thai?"):
                messages.append({"role": "user", "content": text})
                answer = await client.post("/chat/completions", json={"model": "m", "messages": messages})
                messages.append(answer.json()["choices"][0]["message"])
    print("the program sends:    ", messages[-2]["content"])
    print("the provider receives:", received[-1].splitlines()[0])
    print("the answer's headers:  x-dialog-rewritten:", answer.headers["x-dialog-rewritten"])


asyncio.run(main())
