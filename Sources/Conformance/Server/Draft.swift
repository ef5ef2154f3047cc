import JSON

/// A request that is about to be sent, in which a check changes exactly what it is about.
struct Draft {
    var message: JSONObject
    var fields: [(name: String, value: String)]
    var httpMethod = "POST"
    /// What is sent instead of the message.
    var bytes: [UInt8]?
    /// Whether an error without an ID is a response.
    var acceptsErrorWithoutID = false

    /// Sets or removes a header.
    mutating func setField(_ name: String, _ value: String?) {
        fields.removeAll { $0.name.lowercased() == name.lowercased() }
        if let value { fields.append((name, value)) }
    }

    /// Sets or removes a parameter.
    mutating func setParam(_ name: String, _ value: JSONValue?) {
        var params = message["params"]?.object ?? [:]
        params[name] = value
        message["params"] = .object(params)
    }

    /// Sets or removes a member of `_meta`.
    mutating func setMeta(_ name: String, _ value: JSONValue?) {
        var meta = message["params"]?["_meta"]?.object ?? [:]
        meta[name] = value
        setParam("_meta", .object(meta))
    }

    var wireMessage: WireMessage {
        WireMessage(
            bytes: bytes ?? Array(JSONValue.object(message).description.utf8),
            id: message["id"],
            acceptsErrorWithoutID: acceptsErrorWithoutID,
            httpMethod: httpMethod,
            fields: fields
        )
    }
}
