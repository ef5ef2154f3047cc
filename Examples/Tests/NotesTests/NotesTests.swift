import Foundation
import JSON
import MCPTesting
import Testing

/// A program of this package beside the tests.
private func program(_ name: String) -> String {
    #if os(macOS)
    let folder = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL.deletingLastPathComponent()
    #else
    let folder = Bundle.main.executableURL?.deletingLastPathComponent()
    #endif
    return folder?.appending(path: name).path(percentEncoded: false) ?? name
}

/// Each test has a process of its own, so none sees the notes of another.
@Suite(.server(.command(program("notes"))))
struct NotesTests {
    @Test func aNoteCanBeRead() async throws {
        let notes = try MCPTargetSession.current
        try await notes.call("add", ["title": "a", "text": "Hello"]).expect(json: ["uri": "note:///a", "count": 1])
        try await notes.read("note:///a").expect(text: "Hello")
    }

    @Test func anEmptyTitleIsRefused() async throws {
        try await MCPTargetSession.current.call("add", ["title": "", "text": "x"]).expectToolError(containing: "title")
    }

    @Test func anUnknownNoteIsAnErrorOfTheTool() async throws {
        try await MCPTargetSession.current.call("delete", ["title": "b"]).expectToolError(containing: "Unknown note: b")
    }

    @Test func thePromptNamesTheNote() async throws {
        try await MCPTargetSession.current.prompt("summarize", ["title": "a"]).expect(textContaining: "note:///a")
    }

    @Test(arguments: ["add", "delete"])
    func theToolIsListed(_ name: String) async throws {
        let tools = try await MCPTargetSession.current.tools
        #expect(tools.contains { $0["name"]?.string == name })
    }
}

/// Runs a program of this package, and returns what it prints.
private func output(of name: String, _ arguments: String...) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program(name))
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return text
}

@Test func theClientAddsReadsAndDeletesANote() throws {
    let expected = """
        server: notes
        tools: add, delete
        added: note:///today
        read: Write a client.
        asked: Delete the note "today"?
        Deleted: today

        """
    #expect(try output(of: "notes-client", program("notes")) == expected)
}

@Test func theOrderIsChecked() throws {
    #expect(try output(of: "check-order", #"{"item": "pear", "count": 2}"#) == "The order is valid.\n")
    let faults = try output(of: "check-order")
    #expect(faults.contains("missing required property `item` (did you mean `item` instead of `itm`?)"), "\(faults)")
    #expect(faults.contains("`count`: expected an integer, got the string \"two\""), "\(faults)")
}
