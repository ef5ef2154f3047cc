import JSON

/// Messages as servers send them.
enum Listing {
    /// The answer to `tools/list` of a server with that many tools, about 950 bytes each.
    static func bytes(tools count: Int) -> [UInt8] {
        let tools = (0..<count).map { index -> JSONValue in
            [
                "name": .string("search_collection_\(index)"),
                "title": .string("Search collection \(index)"),
                "description": .string(
                    "Searches collection \(index) and returns the matching records with their owner, labels and "
                        + "timestamps.\nRead only; results are ordered as asked, \"newest\" first if nothing is said."
                ),
                "inputSchema": [
                    "type": "object",
                    "properties": [
                        "query": [
                            "type": "string", "description": "Text to look for; supports the usual operators",
                            "minLength": 1, "maxLength": 512,
                        ],
                        "limit": [
                            "type": "integer", "description": "Most rows to return", "minimum": 1, "maximum": 1000,
                            "default": 50,
                        ],
                        "order": [
                            "type": "string", "enum": ["newest", "oldest", "relevance"], "default": "relevance",
                        ],
                        "filters": [
                            "type": "object",
                            "properties": [
                                "owner": ["type": "string"],
                                "labels": ["type": "array", "items": ["type": "string"]],
                                "since": ["anyOf": [["type": "string", "format": "date-time"], ["type": "null"]]],
                            ],
                            "additionalProperties": false,
                        ],
                    ],
                    "required": ["query"],
                ],
                "annotations": ["readOnlyHint": true, "openWorldHint": false],
            ]
        }
        return Array(JSONText(["jsonrpc": "2.0", "id": 1, "result": ["tools": .array(tools)]]).bytes)
    }

    /// A result that is one long text.
    static func blob(bytes count: Int) -> [UInt8] {
        let text = JSONValue.string(String(repeating: "x", count: count))
        return Array(
            JSONText(["jsonrpc": "2.0", "id": 1, "result": ["content": [["type": "text", "text": text]]]]).bytes
        )
    }
}
