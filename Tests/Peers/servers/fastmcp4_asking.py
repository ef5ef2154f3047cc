"""A server on FastMCP 4 whose tools ask: by requests of the session, or by returning what they want to know."""

from fastmcp import Context, FastMCP
from mcp_types import (
    CreateMessageRequest,
    CreateMessageRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    InputRequiredResult,
    ListRootsRequest,
    SamplingMessage,
    TextContent,
    Tool,
    ToolChoice,
    ToolResultContent,
)

import asking
import serving

server = FastMCP(asking.NAME, version=asking.VERSION)
FORM = ElicitRequestFormParams(message="Who are you?", requested_schema=asking.Person.model_json_schema())
QUESTION = [SamplingMessage(role="user", content=TextContent(type="text", text="What is six times seven?"))]
MULTIPLY = Tool(
    name="multiply",
    input_schema={
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "required": ["a", "b"],
    },
)


def is_modern(ctx: Context) -> bool:
    return ctx._is_modern_protocol()


@server.tool()
async def who(ctx: Context) -> str | InputRequiredResult:
    """Asks the user for a name."""
    if not is_modern(ctx):
        answer = await ctx.elicit("Who are you?", asking.Person)
        return f"accept {answer.data.name}" if answer.action == "accept" else answer.action
    if ctx.input_responses is None:
        return InputRequiredResult(
            input_requests={"who": ElicitRequest(params=FORM)}, request_state='a "state" \N{SNOWMAN}'
        )
    assert ctx.request_state == 'a "state" \N{SNOWMAN}'
    answer = ctx.input_responses["who"]
    return f"accept {answer.content['name']}" if answer.action == "accept" else answer.action


@server.tool()
async def draft(ctx: Context) -> str | InputRequiredResult:
    """Asks the model."""
    if not is_modern(ctx):
        answer = await ctx.session.create_message(QUESTION, max_tokens=10)
    elif ctx.input_responses is None:
        params = CreateMessageRequestParams(messages=QUESTION, max_tokens=10)
        return InputRequiredResult(input_requests={"draft": CreateMessageRequest(params=params)})
    else:
        answer = ctx.input_responses["draft"]
    return answer.content.text


def with_result_of(answer) -> list[SamplingMessage]:
    """The question, the use of the tool that the model answered with, and what the tool makes of it."""
    blocks = answer.content if isinstance(answer.content, list) else [answer.content]
    [use] = [block for block in blocks if block.type == "tool_use"]
    assert use.name == MULTIPLY.name, use
    product = TextContent(type="text", text=str(use.input["a"] * use.input["b"]))
    result = ToolResultContent(type="tool_result", tool_use_id=use.id, content=[product])
    return [
        *QUESTION,
        SamplingMessage(role="assistant", content=answer.content),
        SamplingMessage(role="user", content=[result]),
    ]


@server.tool()
async def reckon(ctx: Context) -> str | InputRequiredResult:
    """Asks the model, which may use a tool of ours for that."""
    use = dict(max_tokens=100, tools=[MULTIPLY], tool_choice=ToolChoice(mode="auto"))
    if not is_modern(ctx):
        answer = await ctx.session.create_message(QUESTION, **use)
        answer = await ctx.session.create_message(with_result_of(answer), **use)
    else:
        responses = ctx.input_responses or {}
        if "answer" not in responses:
            messages = with_result_of(responses["use"]) if "use" in responses else QUESTION
            request = CreateMessageRequest(params=CreateMessageRequestParams(messages=messages, **use))
            return InputRequiredResult(input_requests={"answer" if "use" in responses else "use": request})
        answer = responses["answer"]
    blocks = answer.content if isinstance(answer.content, list) else [answer.content]
    return f"{answer.stop_reason}: {blocks[0].text}"


@server.tool()
async def where(ctx: Context) -> str | InputRequiredResult:
    """Asks for the root directories."""
    if not is_modern(ctx):
        answer = await ctx.session.list_roots()
    elif ctx.input_responses is None:
        return InputRequiredResult(input_requests={"where": ListRootsRequest()})
    else:
        answer = ctx.input_responses["where"]
    return " ".join(str(root.uri) for root in answer.roots)


@server.tool()
async def log(ctx: Context) -> str:
    """Logs a line."""
    await ctx.info("logged")
    return "logged"


if __name__ == "__main__":
    serving.main(
        # The banner would also look for a newer release of the library on the network.
        stdio=lambda: server.run("stdio", show_banner=False, log_level="WARNING"),
        streamable=lambda options: server.http_app(path=options.path),
        sse=lambda options: server.http_app(path=options.path, transport="sse"),
    )
