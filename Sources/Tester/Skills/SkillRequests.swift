import JSON
import JSONRPC
import MCP
import MCPClient

/// The requests of the skills extension on one connection, with the rules that their results must keep.
struct SkillRequests {
    let operation: Operation
    let limits: CallLimits?

    static let list = Method(rawValue: "skills/list")
    static let get = Method(rawValue: "skills/get")
    static let directory = Method(rawValue: "resources/directory/read")

    /// All pages of a list.
    struct Pages {
        var items: [JSONText] = []
        var findings: [Finding] = []
    }

    var client: Client { operation.client }

    /// The settings of the extension; `nil` if the server does not declare it.
    var settings: JSONObject? { client.capabilities.extensions?[ExtensionID.skills.rawValue]?.object }

    var readsDirectories: Bool { settings?["directoryRead"]?.bool == true }

    /// Why skills cannot be requested; `nil` if the server declares the extension.
    var undeclared: Failure? {
        guard settings == nil else { return nil }
        let advice =
            client.revision.era == .legacy
            ? "Skills belong to the stateless era: connect with protocol modern, or declare the extension."
            : "Declare \(ExtensionID.skills.rawValue) in capabilities.extensions, and implement skills/list and skills/get."
        return Failure(
            .usage,
            .executionError,
            "The server does not declare the extension \(ExtensionID.skills.rawValue). Nothing was sent.",
            nextStep: advice
        )
    }

    /// What is wrong with the declaration.
    var declarationFindings: [Finding] {
        var findings: [Finding] = []
        if client.capabilities.json["resources"] == nil {
            findings.append(
                .skill("capability", "The server declares skills but not the capability resources.", uri: nil)
            )
        }
        if let value = settings?["directoryRead"], value.bool == nil {
            findings.append(
                .skill("capability", "The setting directoryRead is a \(value.typeName), not a boolean.", uri: nil)
            )
        }
        return findings
    }

    /// Fetches all pages of a list.
    ///
    /// - Parameter isCacheable: Whether the result must say for how long and by whom it can be cached.
    func pages(
        _ method: Method,
        _ params: JSONObject = [:],
        key: StaticString,
        isCacheable: Bool
    ) async throws(CallError) -> Pages {
        var pages = Pages()
        var cursors: Set<String> = []
        var cursor: String?
        repeat {
            var params = params
            if let cursor { params["cursor"] = .string(cursor) }
            let result = try await client.call(method, params: params, limits: limits).result
            pages.findings += envelopeFindings(result, of: method, isCacheable: isCacheable)
            guard let items = result[key]?.elements else {
                pages.findings.append(.skill("result", "The result of \(method) has no array \"\(key)\".", uri: nil))
                return pages
            }
            pages.items += items
            cursor = result["nextCursor"]?.string
            if let cursor, !cursors.insert(cursor).inserted || cursors.count > 1000 {
                pages.findings.append(
                    .skill("paging", "The pages of \(method) never end: a cursor is repeated.", uri: nil)
                )
                return pages
            }
        } while cursor != nil
        return pages
    }

    /// The rules of the members that every result has, in revisions that have them.
    func envelopeFindings(_ result: JSONText, of method: Method, isCacheable: Bool) -> [Finding] {
        guard client.revision.has(.resultType) else { return [] }
        var findings: [Finding] = []
        if result["resultType"]?.string != ResultType.complete.rawValue {
            findings.append(.skill("result", "The resultType of \(method) is not \"complete\".", uri: nil))
        }
        guard isCacheable else { return findings }
        if (result["ttlMs"]?.value().int ?? -1) < 0 {
            findings.append(.skill("result", "The result of \(method) has no ttlMs, which is required.", uri: nil))
        }
        if !["public", "private"].contains(result["cacheScope"]?.string) {
            findings.append(
                .skill("result", "The cacheScope of \(method) is neither \"public\" nor \"private\".", uri: nil)
            )
        }
        return findings
    }

    /// The finding if a request for something unknown is not refused with -32602.
    func refusalFindings(_ method: Method, uri: String, because reason: String) async -> [Finding] {
        do throws(CallError) {
            _ = try await client.call(method, params: ["uri": .string(uri)], limits: limits)
            return [
                .skill("errors", "\(method) of \(uri), \(reason), returned a result; expected error -32602.", uri: uri)
            ]
        } catch {
            guard case .rejected(let refusal) = error.cause, refusal.errorCode != .invalidParams else { return [] }
            return [
                .skill(
                    "errors",
                    "\(method) of \(uri), \(reason), returned error \(refusal.code); expected -32602.",
                    uri: uri
                )
            ]
        }
    }

    /// The children of a directory.
    func children(of uri: String) async throws(CallError) -> Pages {
        var pages = try await pages(Self.directory, ["uri": .string(uri)], key: "resources", isCacheable: false)
        var seen: Set<String> = []
        for item in pages.items {
            guard let child = item["uri"]?.string else {
                pages.findings.append(.skill("directory", "An entry of the directory has no uri.", uri: uri))
                continue
            }
            if !seen.insert(child).inserted {
                pages.findings.append(.skill("directory", "The directory lists \(child) twice.", uri: uri))
            }
            let base = uri.hasSuffix("/") ? uri : uri + "/"
            if !child.hasPrefix(base) || child.dropFirst(base.count).contains("/") || child == base {
                pages.findings.append(
                    .skill("directory", "The directory lists \(child), which is not a direct child.", uri: uri)
                )
            }
            if item["name"]?.string == nil {
                pages.findings.append(.skill("directory", "The entry \(child) has no name.", uri: uri))
            }
        }
        return pages
    }
}

extension ExtensionID {
    /// Agent skills over resources.
    static let skills: ExtensionID = "io.modelcontextprotocol/skills"
}
