"""Skills (SEP-2640) on FastMCP 4, from a directory that it writes itself."""

import pathlib
import tempfile

from fastmcp import FastMCP
from fastmcp.server.providers.skills import SkillsDirectoryProvider
from fastmcp.skills.extension import SkillsExtension

FILES = {
    "pdf-forms/SKILL.md": """---
name: pdf-forms
description: >-
  Fill in PDF forms,
  and check them.
license: Apache-2.0
metadata:
  version: "2.1"
  author: 'it''s us'
---

# PDF forms

Read `references/FIELDS.md` first.
""",
    "pdf-forms/references/FIELDS.md": "# Fields\n\nNames have dots: a.b \N{SNOWMAN}\n",
    "pdf-forms/assets/blank.bin": bytes(range(256)),
    "release-notes/SKILL.md": "---\nname: release-notes\ndescription: Write release notes.\n---\n\nShort.\n",
}


def main():
    root = pathlib.Path(tempfile.mkdtemp(prefix="skills-"))
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    server = FastMCP("skills-peer", version="1.0.0")
    provider = SkillsDirectoryProvider(root, experimental_skills=True)
    server.add_provider(provider)
    server.add_extension(SkillsExtension(providers=[provider]))
    server.run("stdio", show_banner=False, log_level="ERROR")


if __name__ == "__main__":
    main()
