"""What every package says about the program."""

import os
import re
import time

NAME = "mcp-test-mcp"
SUMMARY = "Test MCP servers: connect, list, call, and report what really happened."
DESCRIPTION = (
    "An MCP server whose tools let an assistant test other MCP servers, and a command line for people and CI. "
    "One native program: it connects over stdio, Streamable HTTP and HTTP+SSE, speaks all five protocol revisions, "
    "and names what a server does wrong."
)
HOMEPAGE = "https://github.com/rdwj/mcp-test-mcp"
LICENSE = "MIT"
AUTHOR = "the mcp-test-mcp authors"
# The registry's names are reverse domain names of the publisher.
REGISTRY_NAME = "io.github.rdwj/mcp-test-mcp"
KEYWORDS = ["mcp", "model context protocol", "testing", "mcp server", "inspector"]

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def read(path):
    """The text of a file of the repository."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def version():
    """The version of the program, which its source states once."""
    return re.search(r'static let version = "([^"]+)"', read("Sources/TesterCommands/Program.swift"))[1]


def timestamp():
    """The time that packages give their files: SOURCE_DATE_EPOCH, or now."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
