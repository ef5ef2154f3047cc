"""The Python client of the `mcp` package as `ratios.py` drives it: straight to the target, no tester between.

Reads one JSON operation per line and writes one JSON line for each:
{"connect": COMMAND or URL}, {"list": true}, {"echo": [MESSAGE, ...], "in_flight": COUNT}
"""

import asyncio
import json
import sys
import time

from mcp import Client, StdioServerParameters


async def connect(target):
    if isinstance(target, list):
        target = StdioServerParameters(command=target[0], args=target[1:])
    client = Client(target)
    await client.__aenter__()
    return client


async def echo(client, messages, in_flight):
    rest, times = iter(messages), []

    async def call_in_turn():
        for message in rest:
            begin = time.perf_counter()
            result = await client.call_tool("echo", {"message": message})
            times.append(time.perf_counter() - begin)
            assert result.content[0].text == message, result

    await asyncio.gather(*[call_in_turn() for _ in range(in_flight)])
    return times


async def main():
    loop = asyncio.get_running_loop()
    client = None
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        operation = json.loads(line)
        reply = {}
        begin = time.perf_counter()
        if "connect" in operation:
            client = await connect(operation["connect"])
        elif "list" in operation:
            reply["tools"] = len((await client.list_tools()).tools)
        else:
            reply["times"] = await echo(client, operation["echo"], operation["in_flight"])
        reply["seconds"] = time.perf_counter() - begin
        print(json.dumps(reply), flush=True)
    if client:
        await client.__aexit__(None, None, None)


asyncio.run(main())
