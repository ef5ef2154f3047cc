import JSON
import JSONRPC
import MCP

/// A response of the server, changed by the active faults.
struct FaultyResponse {
    let request: TrackedRequest
    /// The frame that the server sent.
    let original: [UInt8]
    /// The result of the response; nil for an error.
    let result: JSONObject?
    let faults: Set<Fault>
    /// The number of the response, which makes each cursor different.
    let number: Int

    /// The frames to send instead of the original.
    var frames: [[UInt8]] {
        switch Method(rawValue: request.method) {
        case .toolsCall: toolCall
        case .toolsList: [toolList]
        case .initialize where has(.wrongVersion): [with(["protocolVersion": "1999-01-01"])]
        case .serverDiscover where has(.wrongVersion): [with(["supportedVersions": ["1999-01-01"]])]
        default: [original]
        }
    }

    private func has(_ fault: Fault) -> Bool {
        faults.contains(fault)
    }

    // MARK: - Tool calls

    private var toolCall: [[UInt8]] {
        var frame = toolResult
        if has(.garbage) { frame.removeLast(frame.count / 2) }
        return has(.answersTwice) ? [frame, frame] : [frame]
    }

    private var toolResult: [UInt8] {
        if has(.internalError) { return Message.encode(id: id, error: .internalError("the database is locked")) }
        if has(.badOutput) { return with(["structuredContent": wrongOutput]) }
        if has(.hugeResult) { return with(text(String(repeating: "0123456789", count: 1_000_000))) }
        if has(.loneSurrogate) { return withText(containing: Array(#"\ud83d"#.utf8)) }
        if has(.invalidUTF8) { return withText(containing: [0xFF]) }
        return id == request.id ? original : with([:])
    }

    private var id: RequestID {
        guard request.isToolCall else { return request.id }
        switch request.id {
        case .integer(let number) where has(.wrongID): return .integer(number &+ 1_000_000)
        case .integer(let number) where has(.stringID): return .string(String(number))
        case .string(let text) where has(.wrongID): return .string(text + "-wrong")
        default: return request.id
        }
    }

    private var wrongOutput: JSONValue? {
        (result?["structuredContent"]?.object).map { output in
            .object(
                JSONObject(
                    output.members.map { member in
                        let wrong = member.value.number.map { JSONValue.string($0.literal) }
                        return JSONObject.Member(key: member.key, value: wrong ?? member.value)
                    }
                )
            )
        }
    }

    private func text(_ text: String) -> [String: JSONValue?] {
        ["content": [["type": "text", "text": .string(text)]]]
    }

    /// The response with one text that contains invalid bytes.
    private func withText(containing bytes: [UInt8]) -> [UInt8] {
        let mark = Array("(here)".utf8)
        let frame = with(text("A text with something wrong in it: (here)"))
        guard let place = frame.indices.first(where: { frame[$0...].starts(with: mark) }) else { return frame }
        return frame[..<place] + bytes + frame[(place + mark.count)...]
    }

    // MARK: - The list of tools

    private var toolList: [UInt8] {
        let tools = result?["tools"]?.array ?? []
        if has(.invalidTool) {
            let entry: JSONValue = ["description": "An entry without a name.", "inputSchema": "none"]
            return with(["tools": .array(tools.prefix(1) + [entry] + tools.dropFirst(1))])
        }
        if has(.endlessPages) { return with(["nextCursor": "page-\(number)"]) }
        if has(.loopingCursor) { return with(["nextCursor": "again"]) }
        if has(.emptyCursor) {
            let half = tools.count / 2
            return request.cursor == nil
                ? with(["tools": .array(Array(tools[..<half])), "nextCursor": ""])
                : with(["tools": .array(Array(tools[half...]))])
        }
        return original
    }

    /// The response with some members of its result replaced, and with the ID that the faults give it.
    private func with(_ members: [String: JSONValue?]) -> [UInt8] {
        guard var result else { return original }
        for (name, value) in members { result[name] = value }
        return Message.encode(id: id, result: JSONText(.object(result)))
    }
}
