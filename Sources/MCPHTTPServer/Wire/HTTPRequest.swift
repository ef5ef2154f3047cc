import NIOHTTP1

/// One request, whole, from somebody who may ask.
struct HTTPRequest: Sendable {
    let head: HTTPRequestHead
    let visitor: AuthenticatedClient
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
        let rest = afterScheme.map { rest in rest.firstIndex(of: "/").map { rest[$0...] } ?? "/" } ?? uri[...]
        return rest.prefix { $0 != "?" && $0 != "#" }
    }

    /// The host that an absolute URL names, which counts rather than the field Host (RFC 9112, 3.2.2).
    var authority: Substring? {
        afterScheme?.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    private var afterScheme: Substring? {
        guard !uri.hasPrefix("/"), let scheme = uri.firstRange(of: "://") else { return nil }
        return uri[scheme.upperBound...]
    }
}
