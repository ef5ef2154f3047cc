"""A model server: the proxy of LiteLLM, which offers chat completions and the Anthropic Messages API, with dummy models.

Prints `listening on URL` once it serves, and ends with its standard input. Its key is `sk-peer-key`. The models:

    seen      answers with a JSON object of what it was given, as LiteLLM translated it: messages and parameters
    prose     answers with a sentence
    fenced    answers with JSON in a fence
    limited   fails with status 429
    broken    fails with status 500
"""

import os
import shutil
import socket
import sys
import tempfile
import threading

KEY = "sk-peer-key"
CONFIGURATION = """
model_list:
  - {model_name: seen, litellm_params: {model: peer/seen, api_key: none}}
  - {model_name: prose, litellm_params: {model: openai/prose, api_key: none, mock_response: "A fine prompt."}}
  - {model_name: fenced, litellm_params: {model: openai/fenced, api_key: none, mock_response: "Here it is:\\n```json\\n{\\"answer\\": 42}\\n```\\n"}}
  - {model_name: limited, litellm_params: {model: openai/limited, api_key: none, mock_response: "litellm.RateLimitError"}}
  - {model_name: broken, litellm_params: {model: openai/broken, api_key: none, mock_response: "litellm.InternalServerError"}}
general_settings: {master_key: %s}
litellm_settings:
  num_retries: 0
  custom_provider_map:
    - {provider: peer, custom_handler: seen_model.handler}
router_settings: {num_retries: 0, disable_cooldowns: true}
"""


def main():
    # LiteLLM prints to standard output.
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "litellm.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(CONFIGURATION % KEY)
    # LiteLLM looks for the handler beside the configuration.
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "seen_model.py"), encoding="utf-8") as source:
        with open(os.path.join(folder, "seen_model.py"), "w", encoding="utf-8") as copy:
            copy.write(source.read())
    os.environ.update(
        CONFIG_FILE_PATH=path,
        # Nothing is fetched from the network.
        LITELLM_LOCAL_MODEL_COST_MAP="True",
        LITELLM_TELEMETRY="False",
        DISABLE_ADMIN_UI="True",
        NO_DOCS="True",
    )
    import uvicorn
    from litellm.proxy.proxy_server import app

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))

    def watch():
        sys.stdin.buffer.read()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()

    started = server.startup

    async def announce(sockets=None):
        await started(sockets=sockets)
        print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", file=output, flush=True)

    server.startup = announce
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
