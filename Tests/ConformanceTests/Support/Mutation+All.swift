import JSON
import MCP

extension Mutation {
    /// The faults, by the groups of checks.
    static let all: [Mutation] =
        jsonRPC + legacyLifecycle + statelessLifecycle + http + legacyHTTP + stdio + tools + resources + prompts
        + utilities
        + inputs + subscriptions + serverRequests + tasks + advice

    private static let info = "io.modelcontextprotocol/serverInfo"

    private static let jsonRPC: [Mutation] = [
        Mutation(row: "S001", revision: modern, also: ["S002", "S009", "S011", "S012"]) { request, message in
            // Integers become strings.
            guard message["method"] == nil, let id = message["id"]?.int else { return [message] }
            return [message.setting(["id"], .string("\(id)"))]
        },
        Mutation(row: "S002", revision: modern, also: ["S017", "S006"]) { request, message in
            request["method"] == "tools/list"
                ? [message.setting(["error"], ["code": 1, "message": "also"])] : [message]
        },
        Mutation(row: "S003", revision: modern, also: ["S007", "S006"]) { request, message in
            message["error"] == nil ? [message] : [message.setting(["error", "message"], 7)]
        },
        Mutation(row: "S004", revision: modern) { request, message in
            // The response to the fence is preceded by one to the notification.
            guard request["method"] == "server/discover", request["id"]?.int ?? 0 > 1 else { return [message] }
            return [["jsonrpc": "2.0", "id": "unasked", "result": ["resultType": "complete"]], message]
        },
        recoding("S005", -32700, as: -32600),
        recoding("S006", -32600, as: -32700, also: ["S005"]),
        recoding("S007", -32601, as: -32600),
        Mutation(row: "S008", revision: modern, also: ["S006"]) { _, message in
            message["error"]?["code"] == -32600
                ? [["jsonrpc": "2.0", "id": nil, "result": ["resultType": "complete"]]] : [message]
        },
        Mutation(row: "S009", revision: .v2025_03_26) { request, message in
            request == .null && (message["result"] != nil || message.array != nil) ? [] : [message]
        },
        Mutation(row: "S010", revision: modern, also: ["S006", "S008", "S002"]) { _, message in
            message["error"]?["code"] == -32600
                ? [["jsonrpc": "2.0", "id": nil, "result": ["resultType": "complete"]]] : [message]
        },
        Mutation(row: "S011", revision: modern) { _, message in
            guard let id = message["id"]?.string, id.contains("世") else { return [message] }
            return [message.setting(["id"], "id-Gr??e")]
        },
        Mutation(row: "S012", revision: modern) { _, message in
            message["id"] == "burst-7" ? [message, message] : [message]
        },
        recoding("S013", -32601, as: -32002, also: ["S007", "S015"]),
        recoding("S014", -32601, as: -32050, also: ["S007"]),
        recoding("S015", -32601, as: -32010, also: ["S007"]),
        adding("S016", before: "tools/list") { _ in ["jsonrpc": "2.0", "id": "server-1", "method": "ping"] },
        set("S017", "tools/list", ["ttlMs"], "long"),
        refusing("S018", "tools/list", where: { $0["params"]?["com_example_unknown"] != nil }),
        set("S019", "tools/list", ["_meta", "-bad-"], 1),
        Mutation(row: "S020", revision: modern) { _, message in
            message["error"]?["code"] == -32700 ? [message.setting(["id"], 7)] : [message]
        },
    ]

    private static let legacyLifecycle: [Mutation] = [
        set("S030", "initialize", ["serverInfo", "version"], nil, in: legacy),
        later("S031", "initialize", in: legacy, also: ["S033"], ["protocolVersion"], "2025-06-18"),
        refusing("S032", "initialize", in: legacy, where: { $0["params"]?["protocolVersion"] == "1999-01-01" }),
        result("S033", "initialize", in: legacy) { result, request in
            if request["params"]?["protocolVersion"] == "1999-01-01" {
                result = result.setting(["protocolVersion"], "2024-11-05")
            }
        },
        result("S034", "initialize", in: legacy) { result, request in
            if request["params"]?["protocolVersion"] == "2026-07-28" {
                result = result.setting(["protocolVersion"], "2026-07-28")
            }
        },
        adding("S035", before: "ping", in: legacy, also: ["S042"]) { _ in
            ["jsonrpc": "2.0", "id": "unasked", "result": [:]]
        },
        adding("S036", before: "initialize", in: legacy, also: ["S038"]) { _ in
            ["jsonrpc": "2.0", "id": "server-1", "method": "roots/list"]
        },
        set("S037", "ping", ["pong"], true, in: legacy),
        adding("S038", before: "tools/call", in: legacy) { _ in
            ["jsonrpc": "2.0", "id": "server-1", "method": "roots/list"]
        },
        result("S039", "tools/call", in: .v2024_11_05) { result, _ in
            result = result.setting(["content"], [["type": "audio", "data": "", "mimeType": "audio/wav"]])
        },
        refusing("S040", "prompts/list", code: -32601, in: legacy),
        Mutation(row: "S041", revision: legacy) { request, message in
            // A response for the request that is cancelled, with the next one.
            request["method"] == "tools/list"
                ? [message, ["jsonrpc": "2.0", "id": "to-cancel", "result": ["content": []]]] : [message]
        },
        adding("S042", before: "ping", in: legacy, also: ["S035"]) { _ in
            ["jsonrpc": "2.0", "id": "never-sent", "error": ["code": -32602, "message": "unknown"]]
        },
        Mutation(row: "S043", revision: .v2025_03_26) { _, message in
            message["error"]?["code"] == -32600 || message.array != nil
                ? [["jsonrpc": "2.0", "id": nil, "result": ["protocolVersion": "2025-03-26"]]] : [message]
        },
        Mutation(row: "S044", revision: legacy) { request, message in
            message["error"] != nil && request["method"] == "tools/list" ? [] : [message]
        },
        Mutation(row: "S045", revision: legacy) { request, message in
            request["method"] == "server/discover" ? [] : [message]
        },
    ]

    private static let statelessLifecycle: [Mutation] = [
        refusing(
            "S050",
            "server/discover",
            code: -32601,
            also: ["S051"],
            where: {
                $0["id"]?.int ?? 0 > 1
                    && $0["params"]?["_meta"]?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28"
            }
        ),
        result("S051", "server/discover") { result, request in
            if request["id"]?.int ?? 0 > 1 { result = result.setting(["capabilities"], nil) }
        },
        set("S052", "tools/list", ["_meta", info], nil),
        refusing("S053", "tools/list", code: -32600, where: { $0["id"] == 1 }),
        accepting(
            "S054",
            -32602,
            also: ["S055", "S056"],
            where: { $0["params"]?["_meta"] == nil && $0["method"] == "tools/list" }
        ),
        accepting(
            "S055",
            -32602,
            where: {
                $0["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"] != nil
                    && $0["params"]?["_meta"]?["io.modelcontextprotocol/protocolVersion"] == nil
            }
        ),
        accepting(
            "S056",
            -32602,
            where: {
                $0["params"]?["_meta"]?["io.modelcontextprotocol/protocolVersion"] != nil
                    && $0["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"] == nil
            }
        ),
        refusing("S057", "tools/list", where: { $0["params"]?["_meta"]?["io.modelcontextprotocol/clientInfo"] == nil }),
        Mutation(row: "S058", revision: modern) { request, message in
            message["error"]?["code"] == -32022 && request["method"] == "tools/list"
                ? [message.setting(["error", "data", "requested"], "another")] : [message]
        },
        Mutation(row: "S059", revision: modern) { request, message in
            message["error"]?["code"] == -32022 && request["method"] == "server/discover"
                ? [message.setting(["error", "code"], -32602)] : [message]
        },
        Mutation(row: "S060", revision: modern) { _, message in
            message["error"]?["code"] == -32022
                ? [message.setting(["error", "data", "supported"], ["2031-01-01"])] : [message]
        },
        Mutation(row: "S061", revision: modern) { request, message in
            request["params"]?["_meta"]?["io.modelcontextprotocol/protocolVersion"] == "2025-11-25"
                && message["error"] != nil
                ? [
                    [
                        "jsonrpc": "2.0", "id": request["id"] ?? nil,
                        "result": ["resultType": "complete", "_meta": [info: ["name": "a", "version": "1"]]],
                    ]
                ] : [message]
        },
        Mutation(row: "S062", revision: modern) { request, message in
            let declared = request["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"]
            guard request["method"] == "tools/call", declared == [:], message["error"]?["code"] == -32021 else {
                return [message]
            }
            return [
                [
                    "jsonrpc": "2.0", "id": request["id"] ?? nil,
                    "result": [
                        "resultType": "input_required", "inputRequests": ["a": ["method": "roots/list"]],
                        "_meta": [info: ["name": "a", "version": "1"]],
                    ],
                ]
            ]
        },
        Mutation(row: "S063", revision: modern) { _, message in
            message["error"]?["code"] == -32021
                ? [message.setting(["error", "data", "requiredCapabilities"], ["sampling"])] : [message]
        },
        set("S064", "prompts/list", ["resultType"], nil),
        set("S065", "tools/list", ["resultType"], "partial"),
        accepting("S066", -32601, where: { $0["method"] == "ping" }),
        accepting("S067", -32601, where: { $0["method"] == "tasks/list" }),
        flapping("S068", "tools/list", ["tools", "0"], nil),
        refusing("S070", "resources/list", code: -32601),
        refusing("S071", "initialize", code: -32601),
        refusing("S072", "ping"),
        refusing("S073", "tools/list", where: { $0["params"]?["_meta"]?["traceparent"] != nil }),
        set("S074", "server/discover", ["capabilities", "extensions"], ["no-prefix": [:]], also: ["S050"]),
        set("S075", "tools/call", ["resultType"], "task", also: ["S065"]),
        adding("S076", before: "tools/list") { _ in
            ["jsonrpc": "2.0", "method": "notifications/message", "params": ["level": "info", "data": 1]]
        },
    ]

    private static let http: [Mutation] = [
        http("S080") { request, _, head in
            if request["method"] == "tools/list" { head.set("Content-Type", "text/plain") }
        },
        http("S081") { _, _, head in if head.status == 403 { head.status = 200 } },
        http("S081e", in: .v2025_06_18) { _, _, head in if head.status == 403 { head.status = 200 } },
        refusingHTTP("S082") { _, sent in sent.field("Origin") != nil && sent.field("Origin") != "http://evil.example"
        },
        http("S083") { _, sent, head in if sent.field("Host") == "evil.example" { head.status = 200 } },
        stateless,
        http("S086") { _, sent, head in if sent.field("Mcp-Session-Id") != nil { head.set("Mcp-Session-Id", "x") } },
        refusingHTTP("S087") { _, sent in sent.field("Last-Event-ID") != nil },
        http("S088") { request, _, head in if request["id"] == nil, request["method"] != nil { head.status = 200 } },
        http("S089") { request, _, head in if request["method"] == nil { head.status = 202 } },
        unversioned,
        okay("S091") { _, sent in sent.field("MCP-Protocol-Version") == "2025-11-25" },
        okay("S092") { _, sent in sent.field("MCP-Protocol-Version") == "1900-01-01" },
        okay("S093") { request, _ in
            request["method"] == "tools/list"
                && request["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"] == nil
        },
        okay("S094") { request, _ in request["id"] == "unknown-94" },
        okay("S095") { _, sent in sent.field("Mcp-Method") == nil },
        okay("S096") { request, sent in request["method"] == "tools/list" && sent.field("Mcp-Method") == "prompts/get"
        },
        okay("S097") { _, sent in sent.field("Mcp-Method") == "TOOLS/LIST" },
        refusingHTTP("S098") { _, sent in sent.contains { $0.name == "MCP-METHOD" } },
        okay("S099") { request, sent in request["method"] == "tools/call" && sent.field("Mcp-Name") == nil },
        okay("S100") { _, sent in sent.field("Mcp-Name") == "another-name" },
        refusingHTTP("S101") { _, sent in
            sent.field("Mcp-Name")?.hasPrefix("=?base64?") == true && sent.field("Mcp-Name")?.contains("%") == false
        },
        okay("S102") { _, sent in sent.field("Mcp-Name")?.contains("%%%") == true },
        refusingHTTP("S103") { _, sent in sent.field("Mcp-Method")?.hasPrefix(" ") == true },
        refusing("S104", "server/discover", code: -32020, http: true, where: { $0["id"]?.int ?? 0 > 1 }),
        okay("S105") { _, sent in sent.field("Mcp-Param-Region") == "another value" },
        okay("S106") { request, sent in
            request["params"]?["arguments"]?["region"] != nil && sent.field("Mcp-Param-Region") == nil
        },
        refusingHTTP("S107") { request, _ in
            request["params"]?["name"] == "test_x_mcp_header" && request["params"]?["arguments"] == [:]
        },
        refusingHTTP("S108") { _, sent in
            sent.field("Mcp-Param-Region")?.hasPrefix("=?base64?") == true
                && sent.field("Mcp-Param-Region")?.contains("%") == false
        },
        okay("S110") { _, sent in sent.field("Mcp-Param-Region")?.contains("%%%") == true },
        refusingHTTP("S111") { _, sent in sent.field("Mcp-Param-Unknown-Zzz") != nil },
        adding("S114", before: "tools/call", http: true) { _ in ["jsonrpc": "2.0", "id": "server-1", "method": "ping"]
        },
        adding("S115", before: "tools/call", http: true) { _ in
            [
                "jsonrpc": "2.0", "method": "notifications/progress",
                "params": ["progressToken": "foreign", "progress": 1],
            ]
        },
        late("S116", in: modern),
        http("S117") { _, _, head in head.set("X-Accel-Buffering", nil) },
        large,
        Mutation(row: "S120", revision: modern, isHTTP: true) { request, message in
            request["id"] == "parallel-2" ? [] : [message]
        },
    ]

    /// A server without the legacy era that answers GET and DELETE.
    private static var stateless: Mutation {
        var mutation = refusing("S085", "initialize", http: true)
        mutation.head = { request, _, head in if request == .null { head.status = 200 } }
        return mutation
    }

    /// A server without the legacy era that needs no version header.
    private static var unversioned: Mutation {
        var mutation = refusing("S090", "initialize", also: ["S085"], http: true)
        mutation.head = { request, sent, head in
            if request["method"] == "tools/list", sent.field("MCP-Protocol-Version") == nil { head.status = 200 }
        }
        return mutation
    }

    /// A message after the response.
    private static func late(_ row: String, in revision: Revision) -> Mutation {
        Mutation(row: row, revision: revision, isHTTP: true) { request, message in
            request["method"] == "tools/call" && message["method"] == nil
                ? [message, ["jsonrpc": "2.0", "method": "notifications/late"]] : [message]
        }
    }

    private static var large: Mutation {
        var mutation = http("S121") { _, sent, head in if sent.field("X-Large") != nil { head.status = 500 } }
        mutation.body = { _, sent, message in sent.field("X-Large") == nil ? [message] : [] }
        return mutation
    }

    private static let legacyHTTP: [Mutation] = [
        late("S147", in: legacy),
        Mutation(row: "S153", revision: .v2025_06_18, isHTTP: true) { request, message in
            request["params"]?["_meta"]?["progressToken"] != nil && message["method"] == nil ? [] : [message]
        },
        http("S130", in: legacy) { request, _, head in
            if request["method"] == "tools/list" { head.set("Content-Type", "text/plain") }
        },
        http("S131", in: legacy) { request, _, head in if head.status == 202 { head.status = 200 } },
        http("S132", in: legacy, also: ["S141"]) { request, sent, head in
            if request == .null, !sent.contains(where: { $0.name == "Content-Type" }), head.status == 200 {
                head.set("Content-Type", "text/plain")
            }
        },
        http("S133", in: legacy, also: ["S135", "S136", "S137", "S138", "S139", "S148", "S134", "S131", "S132"]) {
            request,
            _,
            head in
            if request["method"] == "initialize" { head.set("Mcp-Session-Id", "has space") }
        },
        http("S134", in: legacy, also: ["S135", "S136", "S137", "S138", "S139", "S148", "S131", "S132"]) {
            request,
            _,
            head in
            if request["method"] == "initialize" { head.set("Mcp-Session-Id", "1") }
        },
        http("S135", in: legacy) { request, sent, head in
            if request["method"] == "tools/list", !sent.contains(where: { $0.name == "Mcp-Session-Id" }) {
                head.status = 200
            }
        },
        http("S136", in: legacy) { request, sent, head in
            if sent.contains(where: { $0.value == "00000000-0000-4000-8000-000000000000" }) { head.status = 400 }
        },
        http("S137", in: legacy) { request, sent, head in
            if head.status == 404, !sent.contains(where: { $0.value.hasPrefix("00000000-") }) { head.status = 200 }
        },
        http("S138", in: legacy) { _, sent, head in
            if sent.contains(where: { $0.value == "1999-01-01" }) { head.status = 200 }
        },
        refusingHTTP("S139", in: legacy) { request, sent in
            request["method"] == "tools/list" && sent.field("MCP-Protocol-Version") == nil
        },
        Mutation(row: "S148", revision: legacy, isHTTP: true) { request, message in
            request["id"] == "stream-1" ? [] : [message]
        },
        Mutation(row: "S151", revision: .v2024_11_05, isSSE: true) { request, message in
            request["method"] == "tools/list" ? [] : [message]
        },
        http("S150", in: .v2025_03_26) { request, _, head in if request.array != nil { head.status = 400 } },
    ]

    private static let stdio: [Mutation] = [
        Mutation(row: "S160", revision: modern, line: "DEBUG: listing"),
        Mutation(row: "S161", revision: modern, also: ["S160"], line: "{\"jsonrpc\": "),
        adding("S164", before: "tools/list") { _ in ["jsonrpc": "2.0", "id": "server-1", "method": "ping"] },
        Mutation(row: "S165", revision: modern) { request, message in
            request["method"] == "tools/list"
                ? [
                    message,
                    ["jsonrpc": "2.0", "id": "to-cancel", "result": ["content": [], "resultType": "complete"]],
                ] : [message]
        },
        Mutation(row: "S166", revision: modern) { request, message in request["id"] == "client-b" ? [] : [message] },
        Mutation(row: "S167", revision: modern) { request, message in request["id"] == "line-7" ? [] : [message] },
        Mutation(row: "S168", revision: legacy) { request, message in
            // A server without the stateless era that gives up after the probe.
            request["method"] == "server/discover" || request["method"] == "initialize" && request["id"] != 1
                ? [["jsonrpc": "2.0", "id": request["id"] ?? nil, "error": ["code": -32601, "message": "no"]]]
                : [message]
        },
    ]
    private static let tools: [Mutation] = [
        set("S180", "server/discover", ["capabilities", "tools"], nil),
        set("S181", "tools/list", ["tools", "0", "inputSchema"], nil, also: ["S191"]),
        set(
            "S182",
            "tools/list",
            ["tools", "0", "inputSchema", "properties", "message", "type"],
            "strin",
            also: ["S189"]
        ),
        set(
            "S183",
            "tools/list",
            ["tools", "0", "inputSchema", "properties", "message", "type"],
            "strin",
            in: .v2025_06_18
        ),
        set("S184", "tools/list", ["tools", "0", "name"], "bad name!"),
        silentChange("S185", "tools/list", "tools", also: ["S200"]),
        set(
            "S186",
            "tools/list",
            ["tools", "0", "outputSchema"],
            ["$ref": "https://example.com/schema"],
            also: ["S182", "S192"]
        ),
        recoding("S187", -32602, as: -32603, also: ["S188", "S190"]),
        accepting("S188", -32602, where: { $0["params"]?["arguments"]?.array != nil }),
        result("S189", "tools/call") { result, _ in
            if result["isError"] == true { result = result.setting(["isError"], false) }
        },
        refusing("S190", "tools/call", code: -32603, also: ["S189"], where: { $0["params"]?["name"] == "echo" }),
        set("S191", "tools/call", ["content", "0", "type"], "hologram", also: ["S193", "S201"]),
        set("S192", "tools/call", ["structuredContent"], nil, also: ["S193"]),
        result("S193", "tools/call") { result, _ in
            if result["structuredContent"] != nil { result = result.setting(["content"], []) }
        },
        result("S194", "tools/call", in: legacy, also: ["S192"]) { result, _ in
            if result["structuredContent"] != nil { result = result.setting(["structuredContent"], 7) }
        },
        result("S195", "tools/call", also: ["S192", "S193"]) { result, _ in
            if result["structuredContent"] != nil {
                result = result.setting(["structuredContent"], 7).setting(["content"], [])
            }
        },
        refusing("S196", "tools/call", where: { $0["params"]?["arguments"] == nil }),
        result("S197", "tools/list") { result, _ in
            for (index, tool) in (result["tools"]?.array ?? []).enumerated() where tool["name"] == "test_simple_text" {
                result = result.setting(["tools", "\(index)", "inputSchema", "additionalProperties"], nil)
            }
        },
        set("S198", "tools/list", ["tools", "0", "annotations", "destructiveHint"], true),
        silentChange("S199", "tools/list", "tools", in: legacy),
        silentChange("S200", "tools/list", "tools", also: ["S185"]),
        accepting("S203", -32601, in: legacy, where: { $0["method"] == "tools/call" }),
        set("S201", "server/discover", ["capabilities", "resources"], nil),
        result("S202", "tools/list", also: ["S182"]) { result, _ in
            for (index, tool) in (result["tools"]?.array ?? []).enumerated()
            where tool["name"] == "json_schema_2020_12_tool" {
                result = result.setting(["tools", "\(index)", "inputSchema", "$defs"], nil)
            }
        },
        result("S204", "tools/call") { result, request in
            if request["params"]?["arguments"]?.object?.members.contains(where: { $0.value == "../../../../etc/passwd" }
            ) == true {
                result = result.setting(["content"], [["type": "text", "text": "Traceback (most recent call last)"]])
            }
        },
        set("S205", "tools/list", ["tools", "0", "icons"], [["src": "http://example.com/icon.png"]]),
        set(
            "S112",
            "tools/list",
            ["tools", "0", "inputSchema", "properties", "message", "x-mcp-header"],
            "not a token"
        ),
        set(
            "S113",
            "tools/list",
            ["tools", "0", "inputSchema", "properties", "password"],
            ["type": "string", "x-mcp-header": "Pass"],
            also: ["S188", "S204"]
        ),
    ]

    private static let resources: [Mutation] = [
        set("S210", "server/discover", ["capabilities", "resources"], nil),
        set("S211", "resources/list", ["resources", "0", "uri"], "no scheme", also: ["S212", "S226", "S220"]),
        set("S212", "resources/read", ["contents", "0", "text"], nil, also: ["S226"]),
        recoding("S213", -32602, as: -32603),
        recoding("S214", -32002, as: -32602, in: legacy),
        Mutation(row: "S215", revision: modern, also: ["S213", "S216"]) { request, message in
            guard request["method"] == "resources/read",
                request["params"]?["uri"]?.string?.contains("no-such-resource") == true
            else { return [message] }
            return [
                ["jsonrpc": "2.0", "id": request["id"] ?? nil, "result": ["resultType": "complete", "contents": []]]
            ]
        },
        Mutation(row: "S216", revision: modern) { _, message in
            message["error"] == nil ? [message] : [message.setting(["error", "data"], nil)]
        },
        refusing(
            "S218",
            "resources/read",
            where: { $0["params"]?["uri"]?.string?.hasPrefix("demo://weather/") == true }
        ),
        refusing("S219", "resources/subscribe", in: legacy),
        refusing(
            "S217",
            "resources/read",
            code: -1,
            also: ["S212", "S218"],
            where: { $0["params"]?["uri"] == "demo://welcome" }
        ),
        Mutation(row: "S220", revision: modern) { _, message in
            message["method"] == "notifications/subscriptions/acknowledged"
                ? [message.setting(["params", "notifications"], [:])] : [message]
        },
        silentChange("S221", "resources/list", "resources", in: legacy),
        set("S222", "resources/list", ["resources", "0", "name"], "welcome").accepting(-32602) {
            $0["params"]?["uri"] == "file:///etc/passwd"
        },
        accepting("S223", -32602, where: { $0["params"]?["uri"] == "not a uri" }),
        set("S225", "resources/list", ["resources", "0", "annotations"], ["priority": 7]),
        set("S226", "resources/list", ["resources", "0", "size"], 1),
    ]

    private static let prompts: [Mutation] = [
        set("S230", "server/discover", ["capabilities", "prompts"], nil),
        set("S231", "prompts/list", ["prompts", "0", "arguments", "0", "required"], "yes", also: ["S232"]),
        set("S232", "prompts/get", ["messages", "0", "role"], "system"),
        recoding("S233", -32602, as: -32603, also: ["S234"]),
        accepting("S234", -32602, where: { $0["params"]?["arguments"] == [:] }),
        set("S235", "prompts/get", ["messages", "0", "content", "type"], "hologram"),
        silentChange("S236", "prompts/list", "prompts", in: legacy),
        Mutation(row: "S237", revision: modern) { request, message in
            request["params"]?["arguments"]?["text"]?.string?.contains("7*7") == true ? [] : [message]
        },
        set("S240", "server/discover", ["capabilities", "completions"], nil, also: ["S241"]),
        set("S241", "server/discover", ["capabilities", "completions"], nil, also: ["S240"]),
        set("S242", "completion/complete", ["completion", "values"], .array(Array(repeating: "a", count: 101))),
        recoding("S243", -32602, as: -32603),
        refusing("S244", "completion/complete", where: { $0["params"]?["context"] != nil }),
        set("S245", "completion/complete", ["resultType"], "input_required"),
    ]

    private static let utilities: [Mutation] = [
        later("S250", "tools/list", after: 0, also: ["S252"], ["nextCursor"], "again").accepting(-32602) {
            $0["params"]?["cursor"] == "again"
        },
        recoding("S251", -32602, as: -32603),
        set("S253", "tools/list", ["nextCursor"], .null),
        changingProgress("S260", ["progressToken"], "foreign", also: []),
        changingProgress("S261", ["progress"], 1, also: []),
        paged("S252"),
        paged("S283"),
        adding("S262", before: "tools/call", in: legacy, also: ["S261"]) { _ in
            [
                "jsonrpc": "2.0", "method": "notifications/progress",
                "params": ["progressToken": "token-0", "progress": 0.5],
            ]
        },
        Mutation(row: "S263", revision: legacy) { request, message in
            guard request["method"] == "tools/call", message["method"] == nil,
                let token = request["params"]?["_meta"]?["progressToken"],
                request["params"]?["name"] == "echo"
            else { return [message] }
            return (1...1001).map { number in
                [
                    "jsonrpc": "2.0", "method": "notifications/progress",
                    "params": ["progressToken": token, "progress": JSONValue(number)],
                ]
            } + [message]
        },
        adding("S264", before: "tools/list") { _ in
            ["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 1]]
        },
        set("S280", "prompts/list", ["ttlMs"], nil),
        set("S281", "tools/list", ["ttlMs"], -1),
        set("S282", "tools/list", ["cacheScope"], "shared"),
        set("S284", "tools/call", ["ttlMs"], 1),
        set("S270", "server/discover", ["capabilities", "logging"], nil, also: ["S274"]).adding("tools/list") { _ in
            log("info", "text")
        },
        refusing("S271", "logging/setLevel", in: legacy, where: { $0["params"]?["level"] == "alert" }),
        accepting("S272", -32602, in: legacy, where: { $0["params"]?["level"] == "loud" }),
        adding("S273", before: "tools/call", in: legacy) { _ in log("info", "text") },
        adding("S274", before: "prompts/list") { _ in log("info", "text") },
        Mutation(row: "S275", revision: modern) { request, message in
            request["params"]?["_meta"]?["io.modelcontextprotocol/logLevel"] == "warning" && message["method"] == nil
                ? [log("info", "text"), message] : [message]
        },
        accepting("S276", -32602, where: { $0["params"]?["_meta"]?["io.modelcontextprotocol/logLevel"] == "loud" }),
        Mutation(row: "S277", revision: modern) { _, message in
            message["method"] == "notifications/message"
                ? [message.setting(["params", "data"], "password=hunter2")] : [message]
        },
        Mutation(row: "S278", revision: modern) { _, message in
            message["method"] == "notifications/message" ? [message.setting(["params", "data"], nil)] : [message]
        },
    ]

    private static func log(_ level: String, _ text: String) -> JSONValue {
        [
            "jsonrpc": "2.0", "method": "notifications/message",
            "params": ["level": .string(level), "data": .string(text)],
        ]
    }

    /// A list of two pages, whose second has another name each time, and another scope.
    private static func paged(_ row: String) -> Mutation {
        let seen = Counter()
        return Mutation(row: row, revision: modern, also: row == "S252" ? ["S283"] : ["S252"]) { request, message in
            guard request["method"] == "tools/list" else { return [message] }
            if request["params"]?["cursor"] == "p2" {
                let tool: JSONValue = ["name": .string("tool-\(seen.next())"), "inputSchema": ["type": "object"]]
                let result: JSONValue = [
                    "resultType": "complete", "tools": [tool], "ttlMs": 1, "cacheScope": "private",
                    "_meta": [info: ["name": "demo", "version": "1"]],
                ]
                return [["jsonrpc": "2.0", "id": request["id"] ?? nil, "result": result]]
            }
            return message["result"] == nil ? [message] : [message.setting(["result", "nextCursor"], "p2")]
        }
    }

    private static func changingProgress(_ row: String, _ path: [String], _ value: JSONValue, also: Set<String>)
        -> Mutation
    {
        Mutation(row: row, revision: legacy, also: also) { _, message in
            message["method"] == "notifications/progress" ? [message.setting(["params"] + path, value)] : [message]
        }
    }

    private static func required(_ row: String, also: Set<String> = [], _ path: [String], _ value: JSONValue?)
        -> Mutation
    {
        result(row, "tools/call", also: also) { result, _ in
            if result["resultType"] == "input_required" { result = result.setting(path, value) }
        }
    }

    private static let inputs: [Mutation] = [
        set("S293", "tools/list", ["resultType"], "input_required"),
        refusing("S295", "tools/call", where: { $0["id"] == 2 && $0["params"]?["inputResponses"] != nil }),
        result("S302", "tools/call", also: ["S290", "S291", "S294", "S295", "S298", "S301", "S300", "S296", "S297"]) {
            result,
            request in
            if request["params"]?["name"] == "test_input_required_result_multi_round",
                result["resultType"] == "complete"
            {
                result = ["resultType": "input_required", "inputRequests": ["again": ["method": "roots/list"]]]
            }
        },
        refusing("S303", "prompts/get", where: { $0["params"]?["inputResponses"] != nil }),
        Mutation(row: "S297", revision: modern, also: ["S296"]) { request, message in
            message["error"] != nil && request["params"]?["requestState"] != nil
                ? [
                    [
                        "jsonrpc": "2.0", "id": request["id"] ?? nil,
                        "result": ["resultType": "complete", "content": []],
                    ]
                ] : [message]
        },
        required(
            "S290",
            also: ["S291", "S294", "S295", "S296", "S297", "S298", "S299", "S300", "S301", "S303", "S302"],
            ["inputRequests"],
            nil
        ).without("requestState"),
        Mutation(row: "S291", revision: modern) { _, message in
            guard let first = message["result"]?["inputRequests"]?.object?.keys.first else { return [message] }
            return [message.setting(["result", "inputRequests", first, "id"], 1)]
        },
        Mutation(row: "S292", revision: modern) { request, message in
            request["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"] == ["roots": [:]]
                && request["method"] == "tools/call"
                ? [
                    [
                        "jsonrpc": "2.0", "id": request["id"] ?? nil,
                        "result": [
                            "resultType": "input_required",
                            "inputRequests": [
                                "a": [
                                    "method": "elicitation/create",
                                    "params": [
                                        "message": "a", "requestedSchema": ["type": "object", "properties": [:]],
                                    ],
                                ]
                            ],
                        ],
                    ]
                ] : [message]
        },
        refusing(
            "S294",
            "tools/call",
            also: ["S295", "S298", "S300", "S301", "S302"],
            where: { $0["params"]?["inputResponses"] != nil && $0["params"]?["name"] == "test_elicitation" }
        ),
        refusing("S298", "tools/call", where: { $0["params"]?["inputResponses"]?["unknown_key_7"] != nil }),
        Mutation(row: "S299", revision: modern) { request, message in
            request["params"]?["inputResponses"] == [:]
                ? [["jsonrpc": "2.0", "id": request["id"] ?? nil, "error": ["code": -32602, "message": "no"]]]
                : [message]
        },
        Mutation(row: "S300", revision: modern) { request, message in
            request["params"]?["inputResponses"]?.object?.members.contains { $0.value == 7 } == true
                ? [
                    [
                        "jsonrpc": "2.0", "id": request["id"] ?? nil,
                        "result": ["resultType": "complete", "content": []],
                    ]
                ] : [message]
        },
        Mutation(row: "S301", revision: modern) { request, message in
            request["params"]?["inputResponses"]?.object?.members.contains { $0.value["action"] == "decline" } == true
                ? [] : [message]
        },
        Mutation(row: "S296", revision: modern, also: ["S297"]) { request, message in
            message["error"] != nil && request["params"]?["requestState"] != nil
                ? [
                    [
                        "jsonrpc": "2.0", "id": request["id"] ?? nil,
                        "result": ["resultType": "complete", "content": []],
                    ]
                ] : [message]
        },
    ]

    private static let subscriptions: [Mutation] = [
        Mutation(row: "S310", revision: modern, also: ["S312", "S315"]) { _, message in
            message["method"] == "notifications/subscriptions/acknowledged"
                ? [message.setting(["params", "_meta", "io.modelcontextprotocol/subscriptionId"], "another")]
                : [message]
        },
        Mutation(row: "S311", revision: modern) { _, message in
            message["method"] == "notifications/subscriptions/acknowledged"
                && message["params"]?["notifications"]?["promptsListChanged"] == true
                && message["params"]?["notifications"]?["toolsListChanged"] == nil
                ? [message.setting(["params", "notifications", "resourcesListChanged"], true)] : [message]
        },
        Mutation(row: "S312", revision: modern, also: ["S313", "S314"]) { _, message in
            message["method"] == "notifications/subscriptions/acknowledged"
                ? [message, ["jsonrpc": "2.0", "method": "notifications/tools/list_changed"]] : [message]
        },
        Mutation(row: "S313", revision: modern, also: ["S314"]) { _, message in
            message["method"] == "notifications/subscriptions/acknowledged"
                ? [
                    message,
                    [
                        "jsonrpc": "2.0", "method": "notifications/resources/updated",
                        "params": ["uri": "a://b", "_meta": message["params"]?["_meta"] ?? [:]],
                    ],
                ] : [message]
        },
        Mutation(row: "S315", revision: modern) { _, message in
            message["params"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == "subscription-b" ? [] : [message]
        },
        Mutation(row: "S314", revision: modern, also: ["S313"]) { _, message in
            let filter = message["params"]?["notifications"]?.object
            guard message["method"] == "notifications/subscriptions/acknowledged",
                filter?.members.allSatisfy({ $0.value == false }) == true
            else { return [message] }
            return [
                message,
                [
                    "jsonrpc": "2.0", "method": "notifications/tools/list_changed",
                    "params": ["_meta": message["params"]?["_meta"] ?? [:]],
                ],
            ]
        },
        adding("S316", before: "tools/call") { _ in
            [
                "jsonrpc": "2.0", "method": "notifications/tools/list_changed",
                "params": ["_meta": ["io.modelcontextprotocol/subscriptionId": "subscription-316"]],
            ]
        },
        Mutation(row: "S319", revision: modern, isHTTP: true, also: ["S314"]) { _, message in
            message["method"] == "notifications/subscriptions/acknowledged"
                ? [
                    message,
                    [
                        "jsonrpc": "2.0", "method": "notifications/progress",
                        "params": ["progressToken": 1, "progress": 1],
                    ],
                ] : [message]
        },
        Mutation(row: "S321", revision: modern) { _, message in
            guard message["method"] == "notifications/subscriptions/acknowledged" else { return [message] }
            let id = message["params"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] ?? nil
            return [["jsonrpc": "2.0", "id": id, "error": ["code": -32601, "message": "unknown"]]]
        },
        accepting("S320", -32602, where: { $0["method"] == "subscriptions/listen" }),
        http("S317") { request, _, head in
            if request["method"] == "subscriptions/listen" { head.set("Content-Type", "application/json") }
        },
    ]

    private static let serverRequests: [Mutation] = [
        Mutation(row: "S330", revision: legacy) { request, message in
            request["method"] == "tools/call"
                ? [
                    [
                        "jsonrpc": "2.0", "id": "server-x", "method": "sampling/createMessage",
                        "params": ["messages": [], "maxTokens": 1],
                    ], message,
                ] : [message]
        },
        adding("S331", before: "ping", in: legacy) { _ in ["jsonrpc": "2.0", "id": "server-x", "method": "roots/list"]
        },
        formChange("S332", ["type"], "array"),
        Mutation(row: "S333", revision: legacy) { _, message in
            message["params"]?["mode"] == "url" ? [message.setting(["params", "elicitationId"], nil)] : [message]
        },
        Mutation(row: "S335", revision: legacy) { request, message in
            request["method"] == "tools/call" && message["error"]?["code"] == -32600
                ? [message.setting(["error", "code"], -32042)] : [message]
        },
        adding("S336", before: "tools/call", in: legacy) { _ in
            ["jsonrpc": "2.0", "method": "notifications/elicitation/complete", "params": ["elicitationId": "unknown"]]
        },
        sampling("S338", ["tools"], []),
        sampling(
            "S339",
            ["messages"],
            [
                [
                    "role": "user",
                    "content": [
                        ["type": "tool_result", "toolUseId": "a", "content": []], ["type": "text", "text": "a"],
                    ],
                ]
            ]
        ),
        Mutation(row: "S340", revision: legacy) { request, message in
            request["method"] == "tools/call"
                && message["result"]?["content"]?[0]?["text"]?.string?.contains("action=decline") == true
                ? [] : [message]
        },
        formChange("S334", ["properties", "password"], ["type": "string"]),
        Mutation(row: "S337", revision: legacy) { _, message in
            message["params"]?["mode"] == "url"
                ? [message.setting(["params", "url"], "http://example.com/a")] : [message]
        },
        formChange("S341", also: ["S332"], ["properties", "age"], ["type": "integer", "default": "old"]),
        adding("S342", before: "ping", in: legacy) { _ in ["jsonrpc": "2.0", "id": "unasked", "result": [:]] },
    ]

    private static func sampling(_ row: String, _ path: [String], _ value: JSONValue) -> Mutation {
        Mutation(row: row, revision: legacy) { _, message in
            message["method"] == "sampling/createMessage" ? [message.setting(["params"] + path, value)] : [message]
        }
    }

    private static func formChange(_ row: String, also: Set<String> = [], _ path: [String], _ value: JSONValue)
        -> Mutation
    {
        Mutation(row: row, revision: legacy, also: also) { _, message in
            message["method"] == "elicitation/create" && message["params"]?["requestedSchema"] != nil
                ? [message.setting(["params", "requestedSchema"] + path, value)] : [message]
        }
    }

    private static let tasks: [Mutation] = [
        result("S356", "tools/call") { result, _ in
            if result["resultType"] == "task" { result = result.setting(["createdAt"], nil) }
        },
        result("S350", "tools/call", in: legacy) { result, _ in
            if result["task"] != nil { result = result.setting(["task", "createdAt"], nil) }
        },
        set("S351", "tasks/get", ["status"], "working", in: legacy),
        set("S352", "tasks/result", ["_meta"], nil, in: legacy),
        accepting("S353", -32602, in: legacy, where: { $0["method"] == "tasks/get" }),
        set("S354", "tools/call", ["task"], [:], in: legacy).replacing("initialize", ["capabilities", "tasks"], nil),
        Mutation(row: "S357", revision: modern) { _, message in
            message["error"]?["data"]?["requiredCapabilities"]?["extensions"] == nil
                ? [message] : [message.setting(["error", "data", "requiredCapabilities", "extensions"], [:])]
        },
        result("S360", "tasks/get", also: ["S359"]) { result, _ in
            if result["result"]?["isError"] == true { result = result.setting(["status"], "failed") }
        },
        result("S362", "tasks/get", also: ["S359", "S360"]) { result, request in
            // Each time another request under the same key.
            let number: JSONValue = ["_meta": ["number": request["id"] ?? nil]]
            if result["status"] == "completed" {
                result = result.setting(["status"], "input_required").setting(
                    ["inputRequests"],
                    [
                        "confirm": ["method": "roots/list", "params": number],
                        "name": ["method": "roots/list", "params": number],
                    ]
                )
            }
        },
        okay("S366") { _, sent in sent.field("Mcp-Name") == "another-task" },
        Mutation(row: "S368", revision: modern) { _, message in
            message["method"] == "notifications/tasks" ? [message.setting(["params", "_meta"], [:])] : [message]
        },
        result("S369", "tools/call", also: ["S358", "S359", "S361", "S362", "S363", "S368"]) { result, _ in
            if result["resultType"] == "task" { result = result.setting(["taskId"], "1") }
        },
        refusing("S358", "tasks/get", also: ["S359"]),
        set("S359", "tasks/get", ["resultType"], "task"),
        set("S361", "tasks/update", ["status"], "working"),
        set("S363", "tasks/cancel", ["status"], "cancelled"),
        accepting("S364", -32602, where: { $0["method"] == "tasks/get" }),
        recoding("S365", -32021, as: -32602, also: ["S357"]),
        set("S367", "server/discover", ["capabilities", "tasks"], [:]),
    ]

    private static let advice: [Mutation] = [
        set("A01", "tools/list", ["tools", "0", "description"], " "),
        set("A02", "tools/list", ["tools", "0", "inputSchema", "properties", "message", "description"], nil),
        set("A03", "tools/list", ["tools", "0", "name"], .string(String(repeating: "n", count: 65))),
        result("A04", "tools/list", also: ["A05"]) { result, _ in
            let tool = result["tools"]?[0] ?? nil
            result = result.setting(["tools"], .array(Array(repeating: tool, count: 129)))
        },
        set("A05", "tools/list", ["tools", "0", "description"], .string(String(repeating: "word ", count: 10_000))),
        set("A06", "tools/list", ["tools", "0", "inputSchema", "required"], ["message", "other"]),
        set("A07", "tools/list", ["tools", "0", "inputSchema", "properties", "message", "default"], 7),
        set("A08", "server/discover", ["instructions"], .string(String(repeating: "a", count: 2049))),
        set("A09", "tools/list", ["tools", "0", "annotations"], nil),
        set("A10", "resources/list", ["resources", "0", "mimeType"], nil).replacing(
            "resources/list",
            ["resources", "0", "description"],
            nil
        ),
    ]

    /// The checks that no fault reaches yet, with the reasons.
    static let withoutFault: [String: String] = [
        "S109": "the fixtures have no integer in a header",
        "S118": "what follows is a request as in every other check",
        "S140": "the demo server has one stream at a time",
        "S141": "the stream of GET has no request that a fault could answer",
        "S142": "IDs of events are not part of messages",
        "S143": "IDs of events are not part of messages",
        "S149": "streams of GET are not requests that a fault could change",
        "S162": "needs a server that exits, which the end-to-end tests use",
        "S163": "needs a process, which the end-to-end tests use",
        "S169": "needs a server that blocks",
    ]
}
