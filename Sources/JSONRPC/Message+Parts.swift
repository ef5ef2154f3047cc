import JSON

extension Message {
    /// Where the members of an object that decide what a message is are in its bytes.
    struct Parts {
        private let bytes: ArraySlice<UInt8>
        private(set) var id: Range<Int>?
        private(set) var method: Range<Int>?
        private(set) var params: Range<Int>?
        private(set) var result: Range<Int>?
        private(set) var error: Range<Int>?
        /// Whether the message says that it is JSON-RPC 2.0; nil if it says nothing about that.
        private(set) var isVersion2: Bool?
        /// The first of the other names.
        private var otherNames: [String] = []

        init(of bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
        }

        init(_ object: JSONText) {
            self.init(of: object.bytes)
            object.scanMembers { raw, member in take(member, in: raw) }
        }

        /// The text of a member's value.
        func text(_ range: Range<Int>) -> JSONText {
            JSONText(checked: bytes[(bytes.startIndex + range.lowerBound)..<(bytes.startIndex + range.upperBound)])
        }

        /// Notes a member.
        ///
        /// - Returns: Whether there was a member with the same name before.
        @discardableResult
        mutating func take(_ member: JSONText.MemberRange, in raw: RawSpan) -> Bool {
            func note(_ part: inout Range<Int>?) -> Bool {
                defer { part = member.value }
                return part != nil
            }
            switch Name(member, in: raw) {
            case .id: return note(&id)
            case .error: return note(&error)
            case .method: return note(&method)
            case .params: return note(&params)
            case .result: return note(&result)
            case .jsonrpc:
                defer { isVersion2 = raw.equals(#""2.0""#, at: member.value) || text(member.value).string == "2.0" }
                return isVersion2 != nil
            case nil: return noteOther(member.name(in: raw))
            }
        }

        private enum Name: String {
            case id
            case error
            case method
            case params
            case result
            case jsonrpc

            init?(_ member: JSONText.MemberRange, in raw: RawSpan) {
                if member.keyHasEscapes {
                    self.init(rawValue: member.name(in: raw))
                    return
                }
                switch member.key.count {
                case 2 where raw.equals("id", at: member.key): self = .id
                case 5 where raw.equals("error", at: member.key): self = .error
                case 6 where raw.equals("method", at: member.key): self = .method
                case 6 where raw.equals("params", at: member.key): self = .params
                case 6 where raw.equals("result", at: member.key): self = .result
                case 7 where raw.equals("jsonrpc", at: member.key): self = .jsonrpc
                default: return nil
                }
            }
        }

        private mutating func noteOther(_ name: String) -> Bool {
            if otherNames.contains(name) { return true }
            // Bounded, because each name is compared with all of them.
            if otherNames.count < 16 { otherNames.append(name) }
            return false
        }

        /// What the members make instead of a message, if they do not make one.
        func problem(id: RequestID?) -> Message? {
            if let reason = addressProblem(id: id) { return .unaddressed(reason: reason) }
            return reason(id: id).map { .invalid(id: id, reason: $0) }
        }

        /// Why a response names no request, unless it names one or its sender could not read the request's id.
        private func addressProblem(id: RequestID?) -> String? {
            guard method == nil, id == nil, (result == nil) != (error == nil) else { return nil }
            guard let given = self.id.map(text) else { return result == nil ? nil : "the result has no id" }
            // An error may come without an id, or with null, if the peer could not read one.
            if given.kind == .null { return result == nil ? nil : "the id of the result is null" }
            let shown = given.bytes.count <= 100 ? given.description : given.value().typeName
            return "the id of the response is \(shown), which is neither a string nor an integer"
        }

        /// Why these members do not make a message, if they do not.
        private func reason(id: RequestID?) -> String? {
            if let method {
                if text(method).kind != .string { return "\"method\" is not a string" }
                if self.id != nil, id == nil { return "\"id\" is neither a string nor an integer" }
                if result != nil || error != nil { return "it has both a method and a result or error" }
                if let params, ![.object, .array].contains(text(params).kind) { return "\"params\" is not an object" }
                return nil
            }
            if result != nil, error != nil { return "it has both a result and an error" }
            if let error = error.map(text) {
                if error.kind != .object { return "\"error\" is not an object" }
                guard let code = error["code"] else { return "\"error\" has no code" }
                if code.number?.int64 == nil { return "the error's code is not an integer" }
                if error["message"]?.string == nil { return "the error has no message" }
                return nil
            }
            return result == nil ? "it has neither a method nor a result nor an error" : nil
        }
    }
}
