import JSON
import TextUtilities

extension ReportRenderer {
    mutating func writeToolCall(_ call: JSONValue) {
        guard let object = call.object else { return }
        writeSent(call["arguments"])
        // A single text block is under `result` alone, anything more also under `content`.
        if let content = call["content"]?.array {
            writeContent(content, structured: call["structured_content"])
        } else if let result = call["result"]?.string {
            writeText("Result", result, structured: call["structured_content"])
        }
        if let structured = call["structured_content"] { writeJSON("Structured content", structured) }
        writeMeta(call["meta"])
        let known = [
            "tool_name", "arguments", "result", "content", "structured_content", "is_error", "execution", "meta",
            "resultType",
        ]
        for member in object.members where !known.contains(member.key) { writeJSON(member.key, member.value) }
    }

    /// Writes the `_meta` of a result without the keys that the protocol itself adds.
    private mutating func writeMeta(_ meta: JSONValue?) {
        guard var object = meta?.object else { return }
        object.members.removeAll { $0.key.hasPrefix("io.modelcontextprotocol/") }
        if !object.isEmpty { writeJSON("_meta", .object(object)) }
    }

    /// Writes the exact arguments that were sent.
    mutating func writeSent(_ arguments: JSONValue?) {
        guard let arguments, !arguments.isNull else { return }
        section("Sent")
        line("\(arguments)", indent: 2)
    }

    /// Writes the result of a tool that failed.
    mutating func writeResult(_ result: JSONValue) {
        guard let content = result["content"]?.array else {
            writeJSON("The server's result", result)
            return
        }
        writeContent(content, structured: result["structuredContent"])
        if let structured = result["structuredContent"] { writeJSON("Structured content", structured) }
    }

    mutating func writeResource(_ resource: JSONValue) {
        guard resource.object != nil else { return }
        let items = resource["contents"]?.array
        for item in items ?? [resource] {
            let kind = item["mimeType"]?.string ?? "no MIME type"
            let isBase64 = item["encoding"] != nil || item["blob"] != nil
            guard let content = (item["content"] ?? item["text"] ?? item["blob"])?.string else {
                writeJSON("Content", item)
                continue
            }
            section("Content", "\(item["uri"]?.string ?? "") \(kind)")
            if isBase64 {
                line("[\(content.utf8.count) bytes of Base64; use --json to see them]", indent: 2)
            } else {
                block(content, indent: 2)
            }
        }
        writeMeta(resource["meta"])
    }

    mutating func writePrompt(_ prompt: JSONValue) {
        guard prompt.object != nil else { return }
        if let description = prompt["description"]?.string { block(description, indent: 2, .faint) }
        for message in prompt["messages"]?.array ?? [] {
            section(message["role"]?.string ?? "(no role)")
            let content = message["content"] ?? .null
            for item in content.array ?? [content] { writeItem(item, indent: 2) }
        }
        writeMeta(prompt["meta"])
    }

    mutating func writeResponse(_ response: JSONValue) {
        guard let result = response["result"] else { return }
        writeJSON("Result", result)
    }

    /// Writes the notifications of the server during the call.
    mutating func writeEvents(_ events: JSONValue) {
        section(eventsTitle)
        for event in events.array ?? [] {
            let name = event["method"]?.string ?? event["kind"]?.string ?? ""
            let what = event["text"]?.string ?? event["params"]?.description ?? ""
            line(Span(name, .name), " \(what)", indent: 2)
        }
    }

    mutating func writeOmittedEvents(_ omitted: JSONValue) {
        line(Span("and \(omitted["count"] ?? 0) earlier", .faint), indent: 2)
    }

    mutating func writeInputRequests(_ requests: JSONValue) {
        for request in requests.array ?? [] {
            section("The server requests input", request["kind"]?.string ?? "")
            for member in request.object?.members ?? [] where member.key != "kind" {
                fact(member.key, member.value.string ?? member.value.description)
            }
        }
    }

    mutating func writeChecks(_ checks: JSONValue) {
        section("Checks")
        for member in checks.object?.members ?? [] {
            let violations = member.value.array?.compactMap(\.string)
            fact(member.key, violations?.joined(separator: "\n") ?? member.value.string ?? "")
        }
    }

    // MARK: - Content blocks

    private mutating func writeContent(_ blocks: [JSONValue], structured: JSONValue?) {
        if blocks.count == 1, blocks[0]["type"]?.string == "text", let text = blocks[0]["text"]?.string {
            writeText("Result", text, structured: structured)
            return
        }
        section("Result", blocks.isEmpty ? "no content" : "\(blocks.count) blocks")
        for block in blocks { writeItem(block, indent: 2) }
    }

    mutating func writeText(_ title: String, _ value: JSONValue) {
        guard let text = value.string else { return writeJSON(title, value) }
        writeText(title, text, structured: nil)
    }

    private mutating func writeText(_ title: String, _ content: String, structured: JSONValue?) {
        section(title)
        if let structured, content.isJSON(equalTo: structured) {
            line("[text: the structured content as JSON]", indent: 2)
        } else {
            block(content, indent: 2)
        }
    }

    private mutating func writeItem(_ item: JSONValue, indent: Int) {
        switch item["type"]?.string {
        case "text": block(item["text"]?.string ?? "", indent: indent)
        case let kind? where item["data"]?.string != nil:
            let size = item["data"]?.string?.utf8.count ?? 0
            line("[\(kind) \(item["mimeType"]?.string ?? ""), \(size) bytes of Base64]", indent: indent)
        case "resource_link":
            let name = item["name"]?.string ?? ""
            line("[link \(item["uri"]?.string ?? "") \(name)]", indent: indent)
        case "resource":
            let resource = item["resource"] ?? .null
            let kind = resource["mimeType"]?.string ?? "no MIME type"
            line("[resource \(resource["uri"]?.string ?? ""), \(kind)]", indent: indent)
            if let content = resource["text"]?.string {
                block(content, indent: indent + 2)
            } else if let blob = resource["blob"]?.string {
                line("[\(blob.utf8.count) bytes of Base64]", indent: indent + 2)
            }
        default: block(item.prettyPrinted, indent: indent)
        }
    }
}

extension String {
    fileprivate func isJSON(equalTo value: JSONValue) -> Bool {
        guard let first = utf8.first(where: { $0 != 0x20 && $0 != 0x0A }), first == 0x7B || first == 0x5B else {
            return false
        }
        do throws(JSONError) {
            return try JSONValue(parsing: self) == value
        } catch {
            return false
        }
    }
}
