"""A scripted MCP server on stdio, in the standard library alone: well-behaved in `server`, and one class a fault."""
