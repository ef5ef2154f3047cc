import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import TestSupport

extension Client {
    /// Connects over scripted exchanges.
    static func connect(
        over exchanges: ScriptedExchanges,
        era: EraChoice = .auto,
        limits: ConnectionLimits = ConnectionLimits(),
        clock: FakeClock = FakeClock()
    ) async throws(ConnectFailure) -> Client {
        let options = ClientOptions(era: era, info: testerInfo, limits: limits)
        return try await connect(options: options, scheduler: clock) { exchanges }
    }
}

extension ScriptedExchanges.Response {
    /// A modern server's word about itself.
    static func modernGreeting(_ versions: String = #"["2026-07-28"]"#) -> Self {
        .result(
            #"{"resultType":"complete","supportedVersions":\#(versions),"capabilities":{},"ttlMs":0,"cacheScope":"private"}"#
        )
    }

    /// A legacy server's word about itself.
    static func legacyGreeting(_ version: String = "2025-11-25") -> Self {
        .result(#"{"protocolVersion":"\#(version)","capabilities":{},"serverInfo":{"name":"scripted","version":"1"}}"#)
    }

    /// The error of a server that does not speak the revision.
    static func unsupported(_ versions: String, status: Int = 400) -> Self {
        .error(-32022, status: status, data: #"{"supported":\#(versions),"requested":"2026-07-28"}"#)
    }
}

extension ScriptedExchanges {
    /// A server of the modern era that answers other requests as the closure says.
    static func modern(_ reply: @escaping Script = { _, _ in .result(#"{"resultType":"complete"}"#) })
        -> ScriptedExchanges
    {
        ScriptedExchanges { frame, earlier in
            frame.head.method == .serverDiscover ? .modernGreeting() : reply(frame, earlier)
        }
    }

    /// A server of the legacy era that answers other requests as the closure says.
    static func legacy(_ reply: @escaping Script = { _, _ in .result("{}") }) -> ScriptedExchanges {
        ScriptedExchanges { frame, earlier in
            switch frame.head.method {
            case .initialize: .legacyGreeting()
            case .serverDiscover: .error(-32601, status: 400)
            default: reply(frame, earlier)
            }
        }
    }
}

extension OutgoingFrame {
    /// The message.
    func json() throws -> JSONValue { try JSONValue(parsing: bytes) }
}
