import JSON
import TestSupport
import Testing

/// The demo server with each HTTP fault, and how it is reported.
@Suite(.timeLimit(.minutes(15)))
struct HTTPFaultTests {
    /// The expected outcome of a tool call.
    struct Case: Sendable, CustomTestStringConvertible {
        let fault: String
        /// The failure class; nil if the call passes.
        let failure: String?
        /// Texts that the report contains.
        let words: [String]
        var options: [String] = []
        var testDescription: String { fault }

        static let all = [
            Case(fault: "http-html", failure: "transport", words: ["200 OK", "text/html", "It works!"]),
            Case(fault: "http-empty", failure: "transport", words: ["200 OK", "empty body"]),
            Case(fault: "http-202", failure: "transport", words: ["202 Accepted", "202 promises none"]),
            Case(fault: "http-silent", failure: "timeout", words: ["within 1 s"], options: ["--timeout", "1"]),
            Case(fault: "wrong-content-type", failure: nil, words: ["Errors (1)", "text/plain"]),
            Case(fault: "cut-stream", failure: "transport", words: ["in the middle of an event"]),
            // An open stream shows only after a while; a single call ends before.
            Case(fault: "no-sse-end", failure: nil, words: ["PASS"]),
            Case(
                fault: "wrong-session",
                failure: "transport",
                words: ["404 Not Found", "the session is unknown", "several processes"],
                options: ["--protocol", "legacy"]
            ),
            Case(fault: "slow-first-byte", failure: nil, words: ["PASS"]),
            Case(fault: "http-401", failure: "auth", words: ["401 Unauthorized", "WWW-Authenticate", "--auth-token"]),
            Case(
                fault: "http-500",
                failure: "transport",
                words: ["500 Internal Server Error", "the server's log"]
            ),
            Case(fault: "http-redirect", failure: "transport", words: ["302 Found", "/login"]),
        ]
    }

    @Test(arguments: Case.all)
    func aCallReportsTheFault(_ example: Case) async throws {
        let served = try await ServedProgram(["demo", "--fault", example.fault])
        let run = try await RunningProgram.run(["call", served.url, "echo", "message=hi"] + example.options)
        if let failure = example.failure {
            #expect(run.code == 3, "\(run)")
            let report = try #require(try run.errorReport(), "\(run)")
            #expect(report["code"]?.string == failure, "\(run)")
            #expect(report["next_step"]?.string?.isEmpty == false, "\(run)")
        } else {
            #expect(run.code == 0, "\(run)")
        }
        for word in example.words { #expect(run.text.contains(word), "\(word): \(run)") }
        // Faults concern calls only, except for a session that is lost from the beginning.
        if example.fault != "wrong-session" {
            let list = try await RunningProgram.run(["list", served.url])
            #expect(list.code == 0, "\(list)")
        }
        await served.stop()
    }

    @Test func everyHTTPFaultIsTested() async throws {
        let run = try await RunningProgram.run(["demo", "--list-faults"])
        let names = run.lines.filter { $0.contains(" HTTP: ") }.compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
        #expect(Set(names) == Set(Case.all.map(\.fault)))
    }

    @Test(arguments: [[], ["--protocol", "legacy"], ["--protocol", "modern"], ["--transport", "sse"]])
    func aURLWithoutThePathIsAnsweredWithTheEndpoint(_ options: [String]) async throws {
        let served = try await ServedProgram(["demo"])
        let run = try await RunningProgram.run(["test", "http://127.0.0.1:\(served.port)/"] + options)
        #expect(run.code == 3, "\(run)")
        let report = try #require(try run.errorReport(), "\(run)")
        #expect(report["next_step"]?.string == "Connect to \(served.url).", "\(run)")
        #expect(run.text.contains("404"), "\(run)")
        await served.stop()
    }

    @Test func aServerWithoutAnEndpointAtTheUsualPlacesIsReportedAsSuch() async throws {
        let served = try await ServedProgram(["demo", "--path", "/hidden"])
        let run = try await RunningProgram.run(["list", "http://127.0.0.1:\(served.port)/api", "--json"])
        #expect(run.code == 3, "\(run)")
        let error = try run.json()["error"]
        #expect(
            error?["message"]?.string?.hasSuffix("No endpoint was found at /mcp, /sse, / either.") == true,
            "\(run)"
        )
        #expect(error?["details"]?["usual_places"] == ["/mcp": 404, "/sse": 404, "/": 404], "\(run)")
        #expect(error?["suggestion"]?.string?.hasPrefix("Check the port") == true, "\(run)")
        await served.stop()
    }
}
