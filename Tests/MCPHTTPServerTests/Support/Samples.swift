import JSON
import JSONRPC
import MCP
import MCPServer
import TestSupport

extension Server {
    /// A server with the tools that the tests need; waiting tools go on when the gate is opened.
    static func sample(
        _ gate: Gate = Gate(),
        started: Mailbox = Mailbox(),
        ended: Mailbox = Mailbox(),
        cancelled: Mailbox = Mailbox()
    ) throws -> Server {
        var server = Server(info: Implementation(name: "sample", version: "1"))
        server.logging = .always
        let text: JSONObject = ["type": "object", "properties": ["text": ["type": "string"]]]
        try server.add(Tool(name: "say", inputSchema: text)) { _, arguments in
            .complete(.text(arguments["text"]?.string ?? ""))
        }
        try server.add(Tool(name: "wait")) { _, _ in
            started.put(Array("wait".utf8))
            do {
                try await gate.wait()
            } catch {
                cancelled.put(Array("wait".utf8))
                throw error
            }
            return .complete(.text("waited"))
        }
        try server.add(Tool(name: "notify")) { context, _ in
            context.log(.warning, "one")
            context.log(.warning, "two")
            try await gate.wait()
            context.log(.warning, "three")
            return .complete(.text("notified"))
        }
        try server.add(Tool(name: "pause")) { context, _ in
            context.releaseConnection(retry: 50)
            try await gate.wait()
            return .complete(.text("paused"))
        }
        try server.add(Tool(name: "fail")) { _, _ in throw RPCError.internalError("on purpose") }
        server.onSessionEnd = { ended.put(Array($0.utf8)) }
        return server
    }
}
