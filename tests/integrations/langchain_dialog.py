"""A dialog by LangChain's `ChatOpenAI`; run by `tests.integrations.run` as a script: URL, then the user's turns."""

import json
import sys

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

url, *turns = sys.argv[1:]
model = ChatOpenAI(model="m", base_url=f"{url}/v1", api_key="k")
history: list[BaseMessage] = [SystemMessage("You recommend restaurants.")]
replies = []
for number, text in enumerate(turns):
    history.append(HumanMessage(text))
    if number == 1:
        replies.append("".join(str(chunk.content) for chunk in model.stream(history)))
    else:
        replies.append(str(model.invoke(history).content))
    history.append(AIMessage(replies[-1]))
print(json.dumps(replies))
