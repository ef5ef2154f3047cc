"""What the servers that ask have in common."""

from pydantic import BaseModel

NAME = "asking"
VERSION = "1.0"


class Person(BaseModel):
    """The form of the tool `who`."""

    name: str
