"""A dialog by LiteLLM's client; run by `tests.integrations.run` as a script: URL, then the user's turns."""

import json
import os
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else the import asks the network

import litellm

url, *turns = sys.argv[1:]
history = [{"role": "system", "content": "You recommend restaurants."}]
replies = []
for number, text in enumerate(turns):
    history.append({"role": "user", "content": text})
    asked = {"model": "openai/m", "api_base": f"{url}/v1", "api_key": "k", "messages": history}
    if number == 1:
        chunks = litellm.completion(**asked, stream=True)
        replies.append("".join(chunk.choices[0].delta.content or "" for chunk in chunks))
    else:
        replies.append(litellm.completion(**asked).choices[0].message.content)
    history.append({"role": "assistant", "content": replies[-1]})
print(json.dumps(replies))
