import Foundation
import JSON
import TestSupport
import Testing

@testable import Tester

@Suite struct WordingTests {
    @Test(
        "no sentence refers a person at a terminal to a tool or a key",
        arguments: [Wording.command, .shell, .suiteCommand]
    )
    func sentencesForPeople(_ wording: Wording) throws {
        let sentences = try sentences()
        #expect(sentences.count { $0.contains("restart_server") } > 5)
        for sentence in sentences {
            let words = wording.apply(sentence)
            #expect(
                !words.contains(
                    /evidence\.[a-z]|target_(result|error)|[a-z]+_server\b|inspect_raw|describe_tool|list_[a-z]+ shows/
                ),
                "\(words)"
            )
        }
    }

    @Test("sentences for an assistant with the core tools name no other tool")
    func sentencesForCoreTools() throws {
        for sentence in try sentences() {
            // Reports of these tools' own do not reach it.
            guard !sentence.contains("inspect_raw"), !sentence.contains("describe_tool") else { continue }
            let words = Wording.coreTools.apply(sentence)
            #expect(!words.contains(/restart_server|answer with respond/), "\(words)")
        }
    }

    @Test(arguments: [Wording.suiteTools, .suiteCommand])
    func tokenOfASuiteIsGivenInTheSuite(_ wording: Wording) throws {
        let sentence = try #require(try sentences().first { $0.hasPrefix("Give a token: auth in connect_to_server") })
        let words = wording.apply(sentence)
        #expect(
            words.hasPrefix("Give a token: `headers: {Authorization:") && !words.contains("--auth-token"),
            "\(words)"
        )
    }

    @Test(arguments: [Wording.command, .shell])
    func onlyAnAssistantLogsInByConnectingAgain(_ wording: Wording) {
        let sentence = "Log in: call connect_to_server again, or run mcp-test-mcp auth login URL."
        #expect(wording.apply(sentence) == "Log in: mcp-test-mcp auth login URL.")
        #expect(Wording.tools.apply(sentence) == sentence)
    }

    @Test func aResultThatWasCutIsReadAsAResourceWithTheCoreTools() throws {
        var report = Report(.pass, "read")
        report.add("content", .payload(JSONText(.string(String(repeating: "long ", count: 4000)))))
        let text = report.rendered(ReportView()) { _ in "@3" }.text.value()
        #expect(text["more"] == "read_result with handle @3 has the rest.")
        var view = ReportView()
        view.wording = .coreTools
        let core = report.rendered(view) { _ in "@3" }.text.value()
        #expect(core["more"] == "The resource result://3 has the rest.")
    }

    @Test func whatTheTargetSaidIsNotReworded() {
        var failure = Failure(
            .toolError,
            .executionError,
            "Read target_result.",
            nextStep: "Start it again with restart_server."
        )
        failure.targetSaid = [("target_result", JSONText(["text": "Start it again with restart_server."]))]
        var report = Report(failure)
        report.reword(.command)
        #expect(report.failure?.nextStep == "Run the command again.")
        #expect(report.failure?.targetSaid.first?.text["text"]?.string == "Start it again with restart_server.")
    }

    /// The texts of the engine with a blank in them, several lines of one expression joined.
    private func sentences() throws -> [String] {
        let folder = URL(filePath: "\(packageRoot)/Sources/Tester")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var sentences: [String] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            guard file.lastPathComponent != "Wording.swift" else { continue }
            let source = try String(contentsOf: file, encoding: .utf8)
                .replacing(/\n\s*\/\/.*/, with: "")
                .replacing(/"\s*\n\s*\+ "/, with: "")
            for match in source.matches(of: /"(?:[^"\\\n]|\\.)*"/) where match.output.contains(" ") {
                sentences.append(String(match.output.dropFirst().dropLast()))
            }
        }
        return sentences
    }
}
