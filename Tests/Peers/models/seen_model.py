"""The model `seen` of litellm_model.py: its answer is what it was given."""

import json

import litellm
from litellm import CustomLLM


class SeenModel(CustomLLM):
    def completion(self, model, messages, optional_params=None, **_):
        seen = {"messages": messages, "parameters": optional_params or {}}
        return litellm.completion(
            model="gpt-3.5-turbo",
            messages=[{"role": "user", "content": "?"}],
            mock_response=json.dumps(seen, default=str),
        )

    async def acompletion(self, *arguments, **named):
        return self.completion(*arguments, **named)


handler = SeenModel()
