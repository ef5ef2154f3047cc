import JSON
import MCP

/// A request to a model, before a dialect puts it into the words of its API.
struct ModelRequest {
    var systemPrompt: String?
    var messages: [SamplingMessage]
    var stopSequences: [String] = []
    var tools: [Tool] = []
    /// The mode of `toolChoice`.
    var toolChoice: String?
    /// The other parameters, such as `max_tokens` and `temperature`, with the names of the API and numbers as received.
    var parameters: JSONObject = [:]

    /// The messages of a prompt.
    init(messages: [SamplingMessage], systemPrompt: String? = nil, parameters: JSONObject = [:]) {
        self.messages = messages
        self.systemPrompt = systemPrompt
        self.parameters = parameters
    }

    /// A sampling request of a target.
    ///
    /// Source: 2025-11-25, "Sampling". The model is the configured one, whatever the target prefers.
    init(_ params: CreateMessageParams) {
        systemPrompt = params.systemPrompt
        messages = params.messages ?? []
        stopSequences = params.stopSequences ?? []
        tools = params.tools ?? []
        toolChoice = tools.isEmpty ? nil : params.toolChoice?.mode
        parameters["max_tokens"] = params.json["maxTokens"]
        parameters["temperature"] = params.json["temperature"]
    }
}

/// A part of a message that an API may have a form of its own for.
enum ModelContent {
    case text(String)
    /// An image in Base64.
    case image(data: String, mimeType: String)
    /// An audio clip in Base64.
    case audio(data: String, mimeType: String)
    case toolUse(id: String, name: String, input: JSONObject)
    case toolResult(ContentBlock)

    /// Reads a block: resources become text with their URI, a binary image or audio clip with its URI before it.
    ///
    /// - Parameter place: Where the block is, such as "message 2".
    /// - Throws: ``ModelFault`` that names the block.
    static func read(_ block: ContentBlock, in place: String) throws(ModelFault) -> [ModelContent] {
        switch block.kind {
        case .text?: return [.text(block.text ?? "")]
        case .image?: return [.image(data: block.data ?? "", mimeType: block.mimeType ?? "image/png")]
        case .audio?: return [.audio(data: block.data ?? "", mimeType: block.mimeType ?? "(none)")]
        case .toolUse?: return [.toolUse(id: block.id ?? "", name: block.name ?? "", input: block.input ?? [:])]
        case .toolResult?: return [.toolResult(block)]
        case .resource?: return try resource(block, in: place)
        case .resourceLink?: return [.text(link(block))]
        default:
            let type = block.json["type"]?.string.map { "the unknown type \"\($0)\"" } ?? "no type"
            throw .unsendable("\(place) has a block with \(type)")
        }
    }

    private static func resource(_ block: ContentBlock, in place: String) throws(ModelFault) -> [ModelContent] {
        let uri = block.resource?.uri ?? "(no URI)"
        let type = block.resource?.mimeType
        let title = "Resource \(uri)\(type.map { " (\($0))" } ?? "")"
        if let text = block.resource?.text { return [.text("\(title):\n\(text)")] }
        guard let data = block.resource?.blob else {
            throw .unsendable("\(place) has the embedded resource \(uri) without text and blob")
        }
        let base = type?.lowercased() ?? ""
        if base.hasPrefix("image/") { return [.text("\(title):"), .image(data: data, mimeType: base)] }
        if base.hasPrefix("audio/") { return [.text("\(title):"), .audio(data: data, mimeType: base)] }
        throw .unsendable(
            "\(place) has the embedded resource \(uri) with binary content of type \(type ?? "(none)"), "
                + "but only text, images and audio can be sent"
        )
    }

    private static func link(_ block: ContentBlock) -> String {
        let link = block.link
        let name = [link?.json["title"]?.string, link?.json["name"]?.string].compactMap(\.self).first.map {
            " \"\($0)\""
        }
        let type = block.mimeType.map { " (\($0))" } ?? ""
        let description = link?.json["description"]?.string.map { ": \($0)" } ?? ""
        return "Linked resource\(name ?? "") \(link?.json["uri"]?.string ?? "(no URI)")\(type)\(description)"
    }
}

extension SamplingMessage {
    /// The role as the target gave it; the user's if it gave none.
    var speaker: String { json["role"]?.string ?? "user" }
}
