import Foundation
import HostConfiguration
import TestSupport
import Testing

@Suite struct InstallationTests {
    private let entry = ServerEntry(name: "mcp-test-mcp", command: "/opt/mcp-test-mcp", arguments: ["serve"])

    private func installation(_ host: String, _ machine: Machine, file: String? = nil) throws -> Installation {
        let host = try HostConfigurationTests.host(host)
        return try #require(Installation(host, entry, file: file, in: machine.surroundings))
    }

    /// Files with their host: everything in them but the entry must stay.
    private static let files: [(host: String, text: String)] = [
        ("cursor", ""), ("cursor", "\u{FEFF}"), ("cursor", "// only a comment"), ("cursor", "\n"), ("cursor", "{}"),
        ("cursor", "{ }"), ("cursor", "{\n}"), ("cursor", "{\n}\n"), ("cursor", "{\"mcpServers\":{}}"),
        ("cursor", "{\n  \"mcpServers\": {}\n}\n"), ("cursor", "{\n  \"mcpServers\": {\n  }\n}\n"),
        ("cursor", "{\n\t\"mcpServers\": {\n\t\t// none yet\n\t}\n}\n"),
        ("cursor", "{\"mcpServers\": {\"a\": {\"command\": \"x\"}}}"),
        ("cursor", "{\"mcpServers\": {\"a\": {\"command\": \"x\"},},}"),
        (
            "cursor",
            "{\r\n    \"mcpServers\": {\r\n        \"a\": {\r\n            \"command\": \"x\"\r\n        }\r\n    }\r\n}\r\n"
        ),
        (
            "cursor",
            "{\n  \"mcpServers\": {\n    \"a\": {\"command\": \"x\"} // keep\n    // and this\n  }, // too\n  \"z\": 1\n}"
        ),
        ("cursor", "{\n  \"mcpServers\": {\n    \"a\": {\"command\": \"x\"}, // keep\n    /* and\n this */\n  },\n}"),
        ("cursor", "{\"other\": [1,2],\n \"z\": {\"y\": null}}"),
        ("vscode", "{\n\t\"inputs\": [],\n\t\"servers\": {\n\t\t\"a\": { \"command\": \"x\" },\n\t},\n}\n"),
        ("zed", "// Zed settings\n//\n// more\n{\n  \"theme\": \"One\",\n  \"vim_mode\": true,\n}\n"),
        ("claude-code", "{\n  \"numStartups\": 1,\n  \"projects\": {\"/a\": {\"mcpServers\": {}}}\n}"),
        ("codex", ""), ("codex", "# c"), ("codex", "model = \"x\"\n"), ("codex", "model = \"x\""),
        ("codex", "a = 1\n\n\n"),
        ("codex", "[mcp_servers.a]\ncommand = \"x\"\n\n[tui]\nx = 1 # y\n"), ("codex", "a = 1\r\n[b]\r\nc = 2\r\n"),
        ("codex", "mcp_servers.a.command = 'x'\n"),
    ]

    @Test(arguments: files)
    func installingAndRemovingLeavesTheFileAsItWas(_ host: String, _ text: String) throws {
        let machine = try Machine()
        let installation = try installation(host, machine)
        let original = Array(text.utf8)
        let relative = String(installation.path.dropFirst(machine.folder.path.count + 1))
        try machine.write(original, to: relative)

        try installation.carryOut(try installation.plan(.add))
        let installed = try machine.bytes(relative)
        #expect(installed != original)
        let document = try ConfigurationDocument(try ConfigurationText(installed), format: installation.host.format)
        let servers = HostScan(installation.path, in: machine.surroundings).servers.filter { $0.name == "mcp-test-mcp" }
        #expect(servers.map(\.command) == ["/opt/mcp-test-mcp"], "\(String(decoding: installed, as: UTF8.self))")
        #expect(servers.first?.arguments == ["serve"])
        #expect(servers.first?.problems.filter(\.isFatal).isEmpty == true)
        #expect(document.root != nil)
        // Everything else is still there, in order.
        var rest = installed[...]
        for line in text.split(whereSeparator: \.isNewline) where line.allSatisfy({ !"{},".contains($0) }) {
            let found = rest.firstRange(of: Array(line.utf8))
            #expect(found != nil, "\(line)")
            if let found { rest = rest[found.upperBound...] }
        }

        #expect(try installation.plan(.add).after == nil, "a second installation changes nothing")
        try installation.carryOut(try installation.plan(.remove))
        #expect(try machine.bytes(relative) == original)
        #expect(try installation.plan(.remove).after == nil)
    }

    @Test(arguments: files)
    func removingWithoutTheBackupLeavesTheOtherServers(_ host: String, _ text: String) throws {
        let machine = try Machine()
        let installation = try installation(host, machine)
        let relative = String(installation.path.dropFirst(machine.folder.path.count + 1))
        try machine.write(Array(text.utf8), to: relative)
        let before = HostScan(installation.path, in: machine.surroundings).servers.map(\.name)
        try installation.carryOut(try installation.plan(.add))
        try FileManager.default.removeItem(atPath: installation.backup)
        try installation.carryOut(try installation.plan(.remove))
        let scan = HostScan(installation.path, in: machine.surroundings)
        #expect(scan.servers.map(\.name) == before)
        let after = String(decoding: try machine.bytes(relative), as: UTF8.self)
        for word in ["keep", "and this", "too", "none yet", "more"] where text.contains(word) {
            #expect(after.contains(word))
        }
    }

    @Test func theEntryHasTheIndentationOfTheFile() throws {
        let machine = try Machine()
        let installation = try installation("cursor", machine)
        try machine.folder.write(
            "{\n\t\"mcpServers\": {\n\t\t\"a\": {\"command\": \"x\"} // one\n\t}\n}\n",
            to: "home/.cursor/mcp.json"
        )
        let after = try #require(try installation.plan(.add).after)
        #expect(
            String(decoding: after, as: UTF8.self)
                == "{\n\t\"mcpServers\": {\n\t\t\"a\": {\"command\": \"x\"}, // one\n\t\t\"mcp-test-mcp\": {\n"
                + "\t\t\t\"command\": \"/opt/mcp-test-mcp\",\n\t\t\t\"args\": [\"serve\"]\n\t\t}\n\t}\n}\n"
        )
    }

    @Test func anExistingEntryGetsTheProgramAndKeepsItsVariables() throws {
        let machine = try Machine()
        try machine.folder.write(
            "{\"mcpServers\": {\"mcp-test-mcp\": {\"command\": \"uvx\", \"args\": [\"mcp-test-mcp\"], \"env\": {\"LLM_URL\": \"x\"}}}}",
            to: "home/.cursor/mcp.json"
        )
        let after = try #require(try installation("cursor", machine).plan(.add).after)
        #expect(
            String(decoding: after, as: UTF8.self)
                == "{\"mcpServers\": {\"mcp-test-mcp\": {\"command\": \"/opt/mcp-test-mcp\", \"args\": [\"serve\"], \"env\": {\"LLM_URL\": \"x\"}}}}"
        )
        try machine.folder.write(
            "[mcp_servers.mcp-test-mcp]\ncommand = 'uvx'\nenv = {A = '1'}\n",
            to: "home/.codex/config.toml"
        )
        let toml = try #require(try installation("codex", machine).plan(.add).after)
        #expect(
            String(decoding: toml, as: UTF8.self)
                == "[mcp_servers.mcp-test-mcp]\ncommand = \"/opt/mcp-test-mcp\"\nargs = [\"serve\"]\nenv = {A = '1'}\n"
        )
    }

    @Test(arguments: [
        ("cursor", "{\"mcpServers\": {\"a\": }}"), ("cursor", "[]"), ("cursor", "{\"mcpServers\": []}"),
        ("cursor", "{\"mcpServers\": {\"mcp-test-mcp\": {\"url\": \"http://x\"}}}"), ("codex", "a = "),
        ("codex", "mcp_servers = {a = {command = 'x'}}"),
    ])
    func aFileThatCannotBeChangedSafelyIsNotTouched(_ host: String, _ text: String) throws {
        let machine = try Machine()
        let installation = try installation(host, machine)
        let relative = String(installation.path.dropFirst(machine.folder.path.count + 1))
        try machine.folder.write(text, to: relative)
        #expect(throws: Installation.Fault.self) { try installation.plan(.add) }
        #expect(try machine.bytes(relative) == Array(text.utf8))
        #expect(!FileManager.default.fileExists(atPath: installation.backup))
    }

    @Test func aMissingFileIsCreatedForItsOwnerOnly() throws {
        let machine = try Machine()
        let installation = try installation("windsurf", machine)
        let plan = try installation.plan(.add)
        #expect(plan.before == nil)
        try installation.carryOut(plan)
        let attributes = try FileManager.default.attributesOfItem(atPath: installation.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try installation.plan(.remove).after != nil)
    }

    @Test func permissionsLinksAndTheOldContentAreKept() throws {
        let machine = try Machine()
        let real = try machine.folder.write("{}\n", to: "home/dotfiles/cursor.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: real)
        try machine.folder.write("", to: "home/.cursor/x")
        let link = machine.folder.path("home/.cursor/mcp.json")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../dotfiles/cursor.json")
        let installation = try installation("cursor", machine)
        try installation.carryOut(try installation.plan(.add))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "../dotfiles/cursor.json")
        #expect(try FileManager.default.attributesOfItem(atPath: real)[.posixPermissions] as? Int == 0o640)
        #expect(try machine.bytes("home/.cursor/mcp.json.before-mcp-test-mcp") == Array("{}\n".utf8))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: machine.folder.path("home/dotfiles")) == ["cursor.json"]
        )
    }

    @Test func theProjectsFileIsUsedOnRequest() throws {
        let machine = try Machine()
        let host = try HostConfigurationTests.host("vscode")
        let installation = try #require(Installation(host, entry, isForProject: true, in: machine.surroundings))
        #expect(installation.path == "\(machine.project)/.vscode/mcp.json")
        let windsurf = try HostConfigurationTests.host("windsurf")
        #expect(Installation(windsurf, entry, isForProject: true, in: machine.surroundings) == nil)
    }
}
