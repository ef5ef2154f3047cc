import NIOHTTP1

/// One request, whole, from somebody who may ask.
struct HTTPRequest: Sendable {
    let head: HTTPRequestHead
    let visitor: Visitor
    let body: [UInt8]

    /// The value of a field, without spaces around it; the first, where it stands more than once.
    func field(_ name: String) -> String? {
        head.headers.first(name: name).map { String($0[...].trimmingSpaces) }
    }

    /// The value of a parameter in the URL.
    func parameter(_ name: String) -> Substring? {
        guard let query = head.uri.split(separator: "?", maxSplits: 1).dropFirst().first else { return nil }
        return query.split(separator: "&").first { $0.hasPrefix("\(name)=") }?.dropFirst(name.utf8.count + 1)
    }
}

extension HTTPRequestHead {
    /// The path that is asked for, without parameters; absolute URLs are allowed too.
    var path: Substring {
        var rest = uri[...]
        if !rest.hasPrefix("/"), let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
            rest = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        }
        return rest.prefix { $0 != "?" && $0 != "#" }
    }
}
