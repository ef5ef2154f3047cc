import JSON
import MCP
import Tester
import TextUtilities

extension Check {
    /// Resources and templates.
    static let resources: [Check] = [
        Check(
            "S210",
            "resources-capability",
            .must,
            .resources,
            rule: "A server with resources declares the capability resources"
        ) { p in
            guard p.capabilities["resources"] == nil else { return }
            let exchange = await p.request("resources/list")
            let count = exchange.result?["resources"]?.array?.count ?? 0
            try p.expect(count == 0, "\(count) resources without the capability", exchange)
        },
        Check(
            "S211",
            "resources-list",
            .must,
            .resources,
            needs: "resources",
            rule: "Every resource has a name and a valid URI"
        ) { p in
            for resource in try p.requireAny(p.catalog.resources, "a listed resource") {
                let page = p.catalog.page(of: resource, .resources).first
                try p.expect(resource["name"]?.string != nil, "\(resource): no name", page)
                let uri = resource["uri"]?.string ?? ""
                try p.expect(isURI(uri), "the URI \"\(uri)\"", page)
            }
        },
        Check(
            "S212",
            "resources-read",
            .must,
            .resources,
            needs: "resources",
            rule: "Every listed resource can be read; its contents have a URI and either a text or a Base64 blob"
        ) { p in
            let reads = try await reads(p)
            for (uri, exchange) in try p.requireAny(reads, "a listed resource") {
                let result = try p.result(exchange, "resources/read of \(uri)")
                let contents = result["contents"]?.array ?? []
                try p.expect(!contents.isEmpty, "\(uri): no contents", exchange)
                for content in contents { try expectContent(content, uri, exchange, p) }
            }
        },
        Check(
            "S213",
            "sep-2164-error-code",
            .must,
            .resources,
            in: .modern,
            needs: "resources",
            rule: "An unknown URI gets error -32602"
        ) { p in
            try p.expectError(await unknownResource(p), -32602)
        },
        Check(
            "S214",
            "resource-not-found",
            .should,
            .resources,
            in: .legacy,
            needs: "resources",
            rule: "An unknown URI gets error -32002"
        ) { p in
            try p.expectError(await unknownResource(p), -32002)
        },
        Check(
            "S215",
            "sep-2164-no-empty-contents",
            .must,
            .resources,
            in: .modern,
            needs: "resources",
            rule: "A missing resource never has empty contents"
        ) { p in
            let exchange = await unknownResource(p)
            try p.expect(exchange.result == nil, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S216",
            "sep-2164-data-uri",
            .should,
            .resources,
            in: .modern,
            needs: "resources",
            rule: "The error for a missing resource has its URI in data"
        ) { p in
            let exchange = await unknownResource(p)
            try p.expect(
                exchange.error?["data"]?["uri"] == .string(unknownURI(p)),
                "data \(exchange.error?["data"] ?? nil)",
                exchange
            )
        },
        Check(
            "S217",
            "resource-failure-code",
            .should,
            .resources,
            needs: "resources",
            rule: "A listed resource that cannot be read gets error -32603, or that of a missing one"
        ) { p in
            for (uri, exchange) in try p.requireAny(try await reads(p), "a listed resource") {
                guard let code = exchange.errorCode else { continue }
                try p.expect([-32603, -32602, -32002].contains(code), "\(uri): \(exchange.outcome)", exchange)
            }
        },
        Check(
            "S218",
            "resources-templates-read",
            .must,
            .resources,
            needs: "resources",
            rule: "Every template is valid, and its expanded URI can be read"
        ) { p in
            for template in try p.requireAny(p.catalog.templates, "a listed resource template") {
                let page = p.catalog.page(of: template, .resourceTemplates).first
                let text = template["uriTemplate"]?.string ?? ""
                let parsed: URITemplate
                do throws(URITemplate.Fault) {
                    parsed = try URITemplate(text)
                } catch {
                    try p.expect(false, "the template \"\(text)\": \(error)", page)
                    continue
                }
                var values: [String: String] = [:]
                for name in parsed.variables {
                    values[name] = p.options.samples.templates[text]?[name]?.string
                    if values[name] == nil { values[name] = try await completion(of: name, in: text, p) }
                }
                guard values.count == Set(parsed.variables).count else { continue }
                let exchange = await p.request("resources/read", ["uri": .string(parsed.expanded(with: values))])
                if exchange.result?["resultType"] != "input_required" {
                    try p.result(exchange, "resources/read of \(parsed.expanded(with: values))")
                }
            }
        },
        Check(
            "S219",
            "resources-subscribe",
            .must,
            .resources,
            in: .legacy,
            needs: "resources.subscribe",
            rule: "resources/subscribe and resources/unsubscribe get empty results"
        ) { p in
            let resource = try p.need(p.catalog.resources.first, "a listed resource")
            for method in ["resources/subscribe", "resources/unsubscribe"] {
                let exchange = await p.request(method, ["uri": resource["uri"] ?? ""])
                let result = try p.result(exchange)
                try p.expect(
                    result.object.map { $0.keys.allSatisfy { $0 == "_meta" } } ?? false,
                    "\(method): \(result)",
                    exchange
                )
            }
        },
        Check(
            "S220",
            "resource-subscriptions-acknowledged",
            .must,
            .subscriptions,
            in: .modern,
            needs: "resources.subscribe",
            rule: "A subscription to a resource is acknowledged"
        ) { p in
            let resource = try p.need(p.catalog.resources.first, "a listed resource")
            let exchange = await listen(["resourceSubscriptions": [resource["uri"] ?? ""]], p)
            let filter = acknowledged(exchange)
            try p.expect(
                filter?["resourceSubscriptions"]?.array?.isEmpty == false,
                "the filter \((filter ?? nil))",
                exchange
            )
        },
        Check(
            "S221",
            "resources-list-changed-announced",
            .should,
            .resources,
            needs: "resources.listChanged",
            rule: "A changed list of resources is announced"
        ) { p in
            try await changeIsAnnounced(.resources, "notifications/resources/list_changed", p)
        },
        Check(
            "S222",
            "path-traversal-refused",
            .must,
            .resources,
            needs: "resources",
            rule: "URIs that leave the directory of a resource are refused"
        ) { p in
            let known = Set(p.catalog.resources.compactMap { $0["uri"]?.string })
            for uri in [
                "file:///../../../../etc/passwd", "file:///%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                "file:///..\\..\\..\\etc\\passwd", "file:///etc/passwd",
            ] where !known.contains(uri) {
                let exchange = await p.request("resources/read", ["uri": .string(uri)])
                let text = (exchange.result ?? nil).description
                try p.expect(
                    !text.contains("root:x:0:") && !text.contains("root:*:0:"),
                    "the file /etc/passwd for \(uri)",
                    exchange
                )
                try p.expect(exchange.result == nil, "\(uri): \(exchange.outcome)", exchange)
            }
        },
        Check("S223", "malformed-uri", .must, .resources, needs: "resources", rule: "A malformed URI gets an error") {
            p in
            for uri in ["", "not a uri", "://", "file://%zz"] {
                let exchange = await p.request("resources/read", ["uri": .string(uri)])
                try p.expectRefusal(exchange, "the URI \"\(uri)\"")
            }
            let exchange = await p.request("resources/read")
            try p.expectRefusal(exchange, "resources/read without a URI")
        },
        Check(
            "S225",
            "resource-annotations",
            .advice,
            .resources,
            in: .since(.v2025_03_26),
            needs: "resources",
            rule: "Annotations have an audience of user and assistant, a priority from 0 to 1 and a date in ISO 8601"
        ) { p in
            let items = Catalog.Kind.allCases.flatMap { kind in p.catalog.items(kind).map { ($0, kind) } }.filter {
                $0.1 != .tools && $0.0["annotations"] != nil
            }
            for (item, kind) in try p.requireAny(items, "annotations of a resource") {
                let annotations = item["annotations"] ?? nil
                let page = p.catalog.page(of: item, kind).first
                for who in annotations["audience"]?.array ?? [] {
                    try p.expect(["user", "assistant"].contains(who), "\(label(item)): audience \(who)", page)
                }
                if let priority = annotations["priority"] {
                    try p.expect(
                        (priority.double ?? -1) >= 0 && (priority.double ?? 2) <= 1,
                        "\(label(item)): priority \(priority)",
                        page
                    )
                }
                if let date = annotations["lastModified"] {
                    let isDate =
                        date.string.map {
                            $0.utf8.count >= 10 && $0.utf8.first.map { (0x30...0x39).contains($0) } ?? false
                                && $0.contains("-")
                        } ?? false
                    try p.expect(isDate, "\(label(item)): lastModified \(date)", page)
                }
            }
        },
        Check(
            "S226",
            "resource-size-and-type",
            .advice,
            .resources,
            needs: "resources",
            rule: "The size of a resource is that of its content, and the MIME type of the list is that of the content"
        ) { p in
            let reads = try await reads(p)
            for resource in try p.requireAny(p.catalog.resources, "a listed resource") {
                guard let uri = resource["uri"]?.string, let exchange = reads.first(where: { $0.uri == uri })?.exchange,
                    let contents = exchange.result?["contents"]?.array, contents.count == 1
                else { continue }
                let bytes =
                    contents[0]["text"]?.string?.utf8.count
                    ?? contents[0]["blob"]?.string.flatMap { Base64.decode($0.utf8) }?.count
                if let size = resource["size"]?.int {
                    try p.expect(
                        size == bytes,
                        "\(uri): the size \(size), but \(bytes.map(String.init) ?? "no") bytes",
                        exchange
                    )
                }
                if let type = resource["mimeType"]?.string, let other = contents[0]["mimeType"]?.string {
                    try p.expect(type == other, "\(uri): \(type) in the list, \(other) when read", exchange)
                }
            }
        },
    ]

    private static let readLimit = 40

    static func reads(_ p: Probe) async throws -> [(uri: String, exchange: Exchange)] {
        var reads: [(uri: String, exchange: Exchange)] = []
        for resource in p.catalog.resources.prefix(readLimit) {
            guard let uri = resource["uri"]?.string else { continue }
            let exchange = await p.request("resources/read", ["uri": .string(uri)])
            if exchange.result?["resultType"] != "input_required" { reads.append((uri, exchange)) }
        }
        return reads
    }

    private static func expectContent(_ content: JSONValue, _ uri: String, _ exchange: Exchange, _ p: Probe) throws {
        try p.expect(content["uri"]?.string != nil, "\(uri): contents without a URI", exchange)
        let (text, blob) = (content["text"]?.string, content["blob"]?.string)
        try p.expect(
            (text == nil) != (blob == nil),
            "\(uri): contents with \(text == nil ? "neither text nor" : "both text and") blob",
            exchange
        )
        if let blob { try p.expect(Base64.decode(blob.utf8) != nil, "\(uri): a blob that is not Base64", exchange) }
    }

    /// A URI that the server cannot have, of the form of one that it has.
    private static func unknownURI(_ p: Probe) -> String {
        let first = p.catalog.resources.first?["uri"]?.string ?? p.catalog.templates.first?["uriTemplate"]?.string
        let scheme = first?.split(separator: ":").first.map(String.init) ?? "test"
        return "\(["http", "https"].contains(scheme) ? "test" : scheme)://no-such-resource-7f3a/missing/deeply/nested"
    }

    private static func unknownResource(_ p: Probe) async -> Exchange {
        await p.request("resources/read", ["uri": .string(unknownURI(p))])
    }

    /// The first completion of a variable; nil if the server completes nothing.
    private static func completion(of name: String, in template: String, _ p: Probe) async throws -> String? {
        guard p.has(capability: "completions") || p.revision == .earliest else { return nil }
        let exchange = await p.request(
            "completion/complete",
            [
                "ref": ["type": "ref/resource", "uri": .string(template)],
                "argument": ["name": .string(name), "value": ""],
            ]
        )
        return exchange.result?["completion"]?["values"]?.array?.first?.string
    }

    /// Whether a text has a scheme and only characters of URIs.
    static func isURI(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon != text.utf8.startIndex else {
            return false
        }
        let scheme = text.utf8[..<colon]
        let isScheme = scheme.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isScheme && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }
    }
}
