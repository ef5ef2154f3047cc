import NIOHTTP1

/// A complete request of a client that may make it.
struct HTTPRequest: Sendable {
    let head: HTTPRequestHead
    let client: AuthenticatedClient
    let body: [UInt8]
    /// To be kept until the response is sent.
    let share: RequestShare

    /// The first value of a header, without spaces around it.
    func field(_ name: String) -> String? {
        head.headers.first(name: name).map { String($0[...].trimmingSpaces) }
    }

    /// The value of a query parameter.
    func parameter(_ name: String) -> Substring? { Self.parameter(name, of: head.uri) }

    /// The value of a query parameter of a request target.
    static func parameter(_ name: String, of uri: String) -> Substring? {
        guard let query = uri.split(separator: "?", maxSplits: 1).dropFirst().first else { return nil }
        return query.split(separator: "&").first { $0.hasPrefix("\(name)=") }?.dropFirst(name.utf8.count + 1)
    }
}

extension HTTPRequestHead {
    /// The path, without parameters, also of an absolute URL.
    var path: Substring {
        let rest = afterScheme.map { rest in rest.firstIndex(of: "/").map { rest[$0...] } ?? "/" } ?? uri[...]
        return rest.prefix { $0 != "?" && $0 != "#" }
    }

    /// The host of an absolute URL, which takes precedence over `Host` (RFC 9112, 3.2.2).
    var authority: Substring? {
        afterScheme?.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    private var afterScheme: Substring? {
        guard !uri.hasPrefix("/"), let scheme = uri.firstRange(of: "://") else { return nil }
        return uri[scheme.upperBound...]
    }
}

extension HTTPRequestHead {
    /// The declared length of the body: 0 if there is none, `Int.max` if it does not fit a number, nil if it is not a length.
    var contentLength: Int? {
        let values = headers["Content-Length"]
        guard let value = values.first?[...].trimmingSpaces else { return 0 }
        guard values.count == 1, !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(value) ?? .max
    }
}
