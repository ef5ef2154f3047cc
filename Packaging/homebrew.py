"""The Homebrew formula, which installs the released program."""

import hashlib

import metadata

TEMPLATE = '''\
class McpTestMcp < Formula
  desc "{summary}"
  homepage "{homepage}"
  version "{version}"
  license "{license}"

{platforms}
  def install
    bin.install "mcp-test-mcp"
    generate_completions_from_executable(bin/"mcp-test-mcp", "completions")
    (man1/"mcp-test-mcp.1").write Utils.safe_popen_read(bin/"mcp-test-mcp", "man")
  end

  test do
    assert_match "PASS", shell_output("#{{bin}}/mcp-test-mcp test demo")
  end
end
'''
CONDITIONS = {
    "linux-x86_64": ("on_linux", "on_intel"),
    "linux-aarch64": ("on_linux", "on_arm"),
    "macos-arm64": ("on_macos", "on_arm"),
}


def build(tarballs):
    """The name and the bytes of the formula for the tarballs: (platform, name, bytes)."""
    platforms = []
    for platform, name, content in tarballs:
        system, cpu = CONDITIONS[platform]
        platforms.append(
            f"  {system} do\n    {cpu} do\n"
            f'      url "{metadata.HOMEPAGE}/releases/download/v{metadata.version()}/{name}"\n'
            f'      sha256 "{hashlib.sha256(content).hexdigest()}"\n'
            "    end\n  end\n"
        )
    formula = TEMPLATE.format(
        summary=metadata.SUMMARY.rstrip("."),
        homepage=metadata.HOMEPAGE,
        version=metadata.version(),
        license=metadata.LICENSE,
        platforms="\n".join(platforms),
    )
    return "mcp-test-mcp.rb", formula.encode()
