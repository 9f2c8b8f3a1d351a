"""A dialog by LlamaIndex's OpenAI LLM; run by `tests.integrations.run` as a script: URL, then the user's turns."""

import json
import sys

from llama_index.core.llms import ChatMessage
from llama_index.llms.openai import OpenAI

url, *turns = sys.argv[1:]
model = OpenAI(model="gpt-4o", api_base=f"{url}/v1", api_key="k")
history = [ChatMessage(role="system", content="You recommend restaurants.")]
replies = []
for number, text in enumerate(turns):
    history.append(ChatMessage(role="user", content=text))
    if number == 1:
        replies.append("".join(chunk.delta or "" for chunk in model.stream_chat(history)))
    else:
        replies.append(model.chat(history).message.content or "")
    history.append(ChatMessage(role="assistant", content=replies[-1]))
print(json.dumps(replies))
