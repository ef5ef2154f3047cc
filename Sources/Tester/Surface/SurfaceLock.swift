public import JSON
import JSONRPC
import MCP
import MCPClient

/// What a server offers, as a file that people can read and compare: sorted, without what changes by itself.
public struct SurfaceLock: Sendable {
    let snapshot: SurfaceSnapshot

    init(_ snapshot: SurfaceSnapshot) {
        self.snapshot = snapshot
    }

    /// The version of the form of the file.
    private static let version = 1

    /// The usual name of the file.
    public static let fileName = "mcp-lock.json"

    /// Reads a file.
    ///
    /// - Parameter name: The name of the file, for messages.
    /// - Throws: ``Failure`` of the class `usage` if it is not a lock file.
    public init(parsing bytes: [UInt8], name: String) throws(Failure) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .usage("\(name) is not valid JSON: \(error)", nextStep: Self.advice)
        }
        guard value["mcp_lock"]?.int == Self.version,
            let revision = value["protocol_version"]?.string.flatMap(Revision.init(wireName:))
        else {
            throw .usage(
                "\(name) is not a lock file: it has no mcp_lock 1 and protocol_version.",
                nextStep: Self.advice
            )
        }
        var greeting: JSONObject = ["capabilities": value["capabilities"] ?? [:]]
        greeting["instructions"] = value["instructions"]
        greeting["serverInfo"] = value["server"]
        var snapshot = SurfaceSnapshot(revision: revision, greeting: JSONText(.object(greeting)))
        for kind in ListKind.allCases {
            var listing = Listing()
            guard let items = (value[kind.key] ?? [:]).object else {
                throw .usage("\(name): \(kind.key) is not an object.", nextStep: Self.advice)
            }
            listing.items = items.members.map { JSONText($0.value) }
            snapshot.lists[kind] = Surface(listing, of: kind)
        }
        if let skills = value["skills"]?.object {
            snapshot.skills = Dictionary(skills.members.map { ($0.key, $0.value) }) { $1 }
        }
        self.snapshot = snapshot
    }

    private static let advice = "Write one with mcp-test-mcp lock TARGET."

    /// The content of the file.
    public var json: JSONObject {
        var object: JSONObject = ["mcp_lock": JSONValue(Self.version)]
        object["server"] = snapshot.serverInfo.map(\.sortingKeys)
        object["protocol_version"] = .string(snapshot.revision.wireName)
        object["capabilities"] = (snapshot.member("capabilities") ?? [:]).sortingKeys
        object["instructions"] = snapshot.member("instructions")
        object["token_cost"] = .object(tokenCost)
        for kind in ListKind.allCases {
            guard let items = snapshot.lists[kind]?.listing.items, !items.isEmpty else { continue }
            let members = items.compactMap { item -> JSONObject.Member? in
                let value = item.value()
                return value[kind.identifier]?.string.map { .init(key: $0, value: value.sortingKeys) }
            }
            object[kind.key] = .object(JSONObject(members.sorted { $0.key < $1.key }))
        }
        if let skills = snapshot.skills, !skills.isEmpty {
            let members = skills.map { JSONObject.Member(key: $0.key, value: $0.value.sortingKeys) }
            object["skills"] = .object(JSONObject(members.sorted { $0.key < $1.key }))
        }
        return object
    }

    /// What the definitions cost a model, estimated: a token for 4 bytes.
    private var tokenCost: JSONObject {
        let tools = (snapshot.lists[.tools]?.listing.items ?? []).compactMap { item in
            item["name"]?.string.map { (name: $0, tokens: (item.bytes.count + 3) / 4) }
        }
        let instructions = ((snapshot.member("instructions")?.string?.utf8.count ?? 0) + 3) / 4
        var cost: JSONObject = ["total": JSONValue(tools.reduce(instructions) { $0 + $1.tokens })]
        if instructions > 0 { cost["instructions"] = JSONValue(instructions) }
        let members = tools.sorted { $0.name < $1.name }.map {
            JSONObject.Member(key: $0.name, value: JSONValue($0.tokens))
        }
        if !members.isEmpty { cost["tools"] = .object(JSONObject(members)) }
        return cost
    }
}

extension JSONValue {
    /// The same value with the members of all objects in the order of their names.
    fileprivate var sortingKeys: JSONValue {
        switch self {
        case .object(let object):
            .object(
                JSONObject(
                    object.members.map { .init(key: $0.key, value: $0.value.sortingKeys) }.sorted { $0.key < $1.key }
                )
            )
        case .array(let elements): .array(elements.map(\.sortingKeys))
        default: self
        }
    }
}

extension SurfaceSnapshot {
    /// The snapshot without the secrets, which a target may repeat in its descriptions.
    fileprivate func redacted(_ redactor: Redactor) -> SurfaceSnapshot {
        guard !redactor.isEmpty else { return self }
        var snapshot = SurfaceSnapshot(revision: revision, greeting: redactor.redact(greeting))
        for (kind, surface) in lists {
            var listing = surface.listing
            listing.items = listing.items.map { redactor.redact($0) }
            snapshot.lists[kind] = Surface(listing, of: kind)
        }
        snapshot.skills = skills?.mapValues { redactor.redact($0) }
        return snapshot
    }
}

extension TesterSession {
    /// What the target of a connection offers now.
    ///
    /// - Throws: ``Failure`` if a list cannot be fetched.
    public func surfaceLock(on name: String? = nil) async throws(Failure) -> SurfaceLock {
        guard let connection = locate(name)?.connection else { throw notConnected(name) }
        var snapshot = await snapshot(of: connection, mayAsk: true)
        if let (kind, reason) = snapshot.missing.first {
            throw Failure(
                .protocolError,
                .executionError,
                "The \(kind.noun)s could not be listed: \(reason).",
                nextStep: "Correct the list, and try again."
            )
        }
        let requests = SkillRequests(operation: Operation(connection), limits: nil)
        if requests.settings != nil {
            do throws(CallError) {
                let pages = try await requests.pages(SkillRequests.list, key: "skills", isCacheable: true)
                let entries = pages.items.map { $0.value() }
                snapshot.skills = Dictionary(
                    entries.compactMap { entry in entry["uri"]?.string.map { ($0, entry) } }
                ) { $1 }
            } catch {
                throw Operation(connection).failure(error, during: SkillRequests.list.rawValue)
            }
        } else {
            snapshot.skills = [:]
        }
        return SurfaceLock(snapshot.redacted(redactor))
    }
}
