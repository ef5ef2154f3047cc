import JSON
import TestSupport
import Testing

extension RealPeers {
    /// An assistant that connects to servers that demand a login, with the program as its MCP server.
    @Suite struct HostLoginTests {
        static let peers = [TestPeers.fastmcp4, .mcp2].filter(\.isAvailable)
        static let opensURLs: JSONValue = ["elicitation": ["url": [:]]]

        /// A host, and a server of a real library that demands a login.
        private struct Desk {
            let folder: TemporaryFolder
            let peer: HTTPPeer
            let host: Host

            init(_ library: TestPeers, _ capabilities: JSONValue? = [:]) async throws {
                folder = try TemporaryFolder()
                let script = TestPeers.script("servers/\(library.rawValue)_oauth.py")
                peer = try await HTTPPeer([library.python, script, "--http", "0", "--log", folder.path("log")])
                // A browser that is opened would leave a file.
                try folder.write("#!/bin/sh\n: >'\(folder.path("opened"))'", to: "bin/xdg-open", isExecutable: true)
                let environment = [
                    "PATH": "\(folder.path("bin")):/usr/bin:/bin", "DISPLAY": ":0", "SSH_CONNECTION": "", "SSH_TTY": "",
                    "XDG_STATE_HOME": folder.path("state"),
                ]
                let arguments = ["serve", "--tools", "all,suites"]
                host = Host(try await RunningProgram(arguments, environment: environment))
                if let capabilities { try await host.initialize("2025-11-25", capabilities) }
            }

            var connecting: JSONObject { ["name": "connect_to_server", "arguments": ["url": .string(peer.url)]] }

            func connect() async throws -> JSONValue {
                try await host.call("connect_to_server", ["url": .string(peer.url)])
            }

            /// Connects as a host that can open URLs, and passes on what the user does with the URL.
            func connect(_ user: (_ url: String) async throws -> JSONValue) async throws -> JSONValue {
                let id = host.request("tools/call", .object(connecting))
                var message = try await host.message()
                while message["method"] != "elicitation/create" {
                    try #require(message["id"]?.int != id, "\(message)")
                    message = try await host.message()
                }
                let params = try #require(message["params"])
                #expect(params["mode"] == "url" && params["elicitationId"]?.string?.isEmpty == false, "\(params)")
                #expect(params["message"]?.string?.contains(peer.url) == true, "\(params)")
                let result = try await user(try #require(params["url"]?.string))
                let response: JSONValue = ["jsonrpc": "2.0", "id": try #require(message["id"]), "result": result]
                host.send(response.description)
                return try #require(try await host.answer(to: id)["result"]?["structuredContent"])
            }

            /// How many clients were registered so far.
            func registrations() throws -> Int { try requests().count { $0["path"] == "/register" } }

            private func requests() throws -> [JSONValue] {
                try folder.lines(of: "log").map { try JSONValue(parsing: $0) }
            }

            /// Ends everything; the program must have written no secret, and no file of tokens.
            func finish() async throws {
                let run = await host.finish()
                #expect(run.code == 0, "\(run)")
                peer.stop()
                var secrets: Set<Substring> = []
                for request in try requests() {
                    let fields = request["headers"]?.array ?? []
                    let authorization = fields.first { $0[0] == "authorization" }?[1]?.string
                    if let authorization { secrets.formUnion(authorization.split(separator: " ").dropFirst()) }
                    for pair in request["body"]?.string?.split(separator: "&") ?? [] {
                        let parts = pair.split(separator: "=")
                        guard parts.count == 2, ["code", "code_verifier", "client_secret"].contains(parts[0]) else {
                            continue
                        }
                        secrets.insert(parts[1])
                    }
                }
                #expect(!secrets.contains { run.description.contains($0) })
                for file in ["state/mcp-test-mcp/tokens.json", "opened"] {
                    #expect(throws: (any Error).self) { try folder.bytes(file) }
                }
            }
        }

        /// The URL that a host without elicitation is given.
        private func url(in answer: JSONValue) throws -> String {
            #expect(answer["success"] == false && answer["failure_class"] == "auth", "\(answer)")
            #expect(answer["error"]?["details"]?["authorization"]?["kind"] == "consent_required", "\(answer)")
            let suggestion = try #require(answer["error"]?["suggestion"]?.string)
            #expect(suggestion.contains("connect_to_server again"), "\(suggestion)")
            return String(try #require(suggestion.split(separator: " ").last { $0.hasPrefix("http") }))
        }

        @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers)
        func hostThatOpensURLsConnectsInOneCall(_ library: TestPeers) async throws {
            let desk = try await Desk(library, Self.opensURLs)
            let connected = try await desk.connect { url in
                let page = try await ScriptedBrowser.open(url)
                #expect(page.status == 200 && page.body.contains("Authorized"), "\(page)")
                return ["action": "accept"]
            }
            #expect(connected["success"] == true, "\(connected)")
            #expect(connected["metadata"]?["auth_source"] == "authorization", "\(connected)")
            let call = try await desk.host.call("call_tool", ["name": "echo", "arguments": ["message": "hi"]])
            #expect(call["tool_call"]?["result"] == "hi", "\(call)")
            // The token serves later connections, and what connects on its own.
            #expect(try await desk.connect()["success"] == true)
            let tested = try await desk.host.call("test_server", ["url": .string(desk.peer.url)])
            #expect(tested["failure_class"] != "auth", "\(tested)")
            // Suites use it, too.
            _ = try await desk.host.call("call_tool", ["name": "echo", "arguments": ["message": "hi"]])
            let file = JSONValue.string(desk.folder.path("s.suite.yaml"))
            let saved = try await desk.host.call("save_suite", ["file": file])
            #expect(saved["cases"] == ["echo"], "\(saved)")
            let suite = try await desk.host.call("run_suite", ["file": file])
            #expect(suite["counts"]?["passed"] == 1 && suite["success"] == true, "\(suite)")
            #expect(try desk.registrations() == 1)
            try await desk.finish()
        }

        @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers)
        func statelessHostConnectsWithItsSecondRequest(_ library: TestPeers) async throws {
            let desk = try await Desk(library, nil)
            var params = JSONObject.modern(desk.connecting, capabilities: Self.opensURLs)
            let first = try #require(try await desk.host.ask("tools/call", .object(params))["result"])
            #expect(first["resultType"] == "input_required", "\(first)")
            let asked = try #require(first["inputRequests"]?.object?.members.first)
            #expect(asked.value["method"] == "elicitation/create", "\(first)")
            let url = try #require(asked.value["params"]?["url"]?.string)
            // The host answers before the user has agreed.
            params["inputResponses"] = .object([asked.key: ["action": "accept"]])
            params["requestState"] = first["requestState"]
            let id = desk.host.request("tools/call", .object(params))
            try await ScriptedBrowser.open(url)
            let connected = try #require(try await desk.host.answer(to: id)["result"]?["structuredContent"])
            #expect(connected["success"] == true, "\(connected)")
            try await desk.finish()
        }

        @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers.prefix(1))
        func loginOverHTTPWithoutSessionsIsFoundByTheNextRequest(_ library: TestPeers) async throws {
            let desk = try await Desk(library)
            let served = try await ServedProgram(environment: ["XDG_STATE_HOME": desk.folder.path("state")])
            func call(_ others: JSONObject = [:]) async throws -> JSONValue {
                let params = JSONObject(desk.connecting.members + others.members)
                let message: JSONValue = [
                    "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                    "params": .object(.modern(params, capabilities: Self.opensURLs)),
                ]
                let fields = [
                    "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "connect_to_server",
                ]
                let answer = try await RawHTTP.post(message, to: served.port, fields)
                let lines = answer.body.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("data: {") }
                let text = lines.last.map { String($0.dropFirst("data: ".count)) } ?? answer.body
                return try #require(try JSONValue(parsing: text)["result"], "\(answer)")
            }
            let first = try await call()
            let asked = try #require(first["inputRequests"]?.object?.members.first, "\(first)")
            try await ScriptedBrowser.open(try #require(asked.value["params"]?["url"]?.string))
            var answer: JSONObject = ["inputResponses": .object([asked.key: ["action": "accept"]])]
            answer["requestState"] = first["requestState"]
            let connected = try await call(answer)
            #expect(connected["structuredContent"]?["success"] == true, "\(connected)")
            let again = try await call()
            #expect(again["structuredContent"]?["success"] == true, "\(again)")
            #expect(try desk.registrations() == 1)
            await served.stop()
            try await desk.finish()
        }

        @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers.prefix(1), ["decline", "cancel"])
        func userWhoRefusesToOpenTheURLEndsTheLogin(_ library: TestPeers, _ action: String) async throws {
            let desk = try await Desk(library, Self.opensURLs)
            var urls: [String] = []
            for _ in 0..<2 {
                let refused = try await desk.connect { url in
                    urls.append(url)
                    return ["action": .string(action)]
                }
                #expect(refused["success"] == false && refused["failure_class"] == "auth", "\(refused)")
                #expect(refused["error"]?["message"]?.string?.contains("refused to open the URL") == true, "\(refused)")
            }
            // The port is closed, and the next connection begins another login.
            #expect(Set(urls).count == 2)
            try await desk.finish()
        }

        @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers)
        func hostWithoutElicitationGetsTheURLAndConnectsAgain(_ library: TestPeers) async throws {
            let desk = try await Desk(library, ["elicitation": [:]])
            let url = try url(in: try await desk.connect())
            #expect(url.contains("code_challenge=") && url.contains("state="), "\(url)")
            // Before the user has agreed, nothing new is begun.
            #expect(try self.url(in: try await desk.connect()) == url)
            #expect(try desk.registrations() == 1)
            let page = try await ScriptedBrowser.open(url)
            #expect(page.body.contains("Authorized"), "\(page)")
            let connected = try await desk.connect()
            #expect(connected["success"] == true, "\(connected)")
            let call = try await desk.host.call("call_tool", ["name": "echo", "arguments": ["message": "hi"]])
            #expect(call["tool_call"]?["result"] == "hi", "\(call)")
            #expect(try desk.registrations() == 1)
            try await desk.finish()
        }

        @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers.prefix(1))
        func refusalInTheBrowserIsReportedOnceAndThenALoginBeginsAgain(_ library: TestPeers) async throws {
            let desk = try await Desk(library)
            let first = try url(in: try await desk.connect())
            let page = try await ScriptedBrowser.refuse(at: first)
            #expect(page.body.contains("Not authorized"), "\(page)")
            let refused = try await desk.connect()
            #expect(refused["error"]?["details"]?["authorization"]?["kind"] == "denied", "\(refused)")
            #expect(refused["error"]?["suggestion"]?.string?.contains("begin a new login") == true, "\(refused)")
            #expect(try url(in: try await desk.connect()) != first)
            // The session ends while that one waits.
            try await desk.finish()
        }
    }
}
