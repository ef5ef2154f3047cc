import JSON
import MCP
import MCPClient

extension TesterSession {
    /// Shows what a server is and supports: both eras, versions, server information, instructions, capabilities and
    /// extensions, and what the era was chosen by.
    ///
    /// Nothing is sent: everything comes from the handshake.
    public func capabilities(on name: String? = nil) async -> Report {
        await perform(on: name, needsServer: false, emptyPayload: ("capabilities", nil)) { operation in
            let client = operation.client
            let eras = EraSupport.of(client)
            let extensions = client.capabilities.extensions ?? [:]
            var report = operation.report(Self.summary(of: client, eras))
            report.findings += Self.capabilityFindings(client)
            report.add("era", .string(client.revision.era == .legacy ? "legacy" : "stateless"))
            report.add("protocol_version", .string(client.revision.wireName))
            report.add("eras", ["stateless": eras.stateless.json, "legacy": eras.legacy.json])
            report.add(
                "era_evidence",
                [
                    "reason": .string(client.verdict.reason),
                    "handshake": .array(client.verdict.steps.map { .object($0.json) }),
                ]
            )
            report.add("server_info", client.serverInfo.map { .payload(JSONText(.object($0.json))) } ?? .value(.null))
            report.add("instructions", client.greeting["instructions"].map(Report.Part.payload) ?? .value(.null))
            // The extensions are shown once, on their own.
            var capabilities = client.capabilities.json
            capabilities["extensions"] = nil
            report.add("capabilities", .payload(JSONText(.object(capabilities))))
            report.add("extensions", .payload(JSONText(.object(extensions))))
            report.add("metadata", .object(operation.metadata))
            return report
        }
    }

    private static func summary(of client: Client, _ eras: (stateless: EraSupport, legacy: EraSupport)) -> String {
        let capabilities = client.capabilities.json.keys.filter { $0 != "extensions" }
        let extensions = client.capabilities.extensions?.count ?? 0
        let parts = [
            "stateless era \(eras.stateless.word), legacy era \(eras.legacy.word)",
            capabilities.isEmpty ? "no capabilities" : "capabilities \(capabilities.joined(separator: ", "))",
            extensions == 0 ? nil : "\(extensions) extension\(extensions == 1 ? "" : "s")",
        ]
        return parts.compactMap(\.self).joined(separator: "; ")
    }

    /// What is wrong with the declaration itself.
    private static func capabilityFindings(_ client: Client) -> [Finding] {
        let known = client.revision.profile.serverCapabilities.union(["extensions"])
        var findings = client.capabilities.json.members.filter { !known.contains($0.key) }.map { member in
            Finding(
                .protocolError,
                "The server declares the capability \"\(member.key)\", which \(client.revision) does not have. "
                    + "Use `experimental` or an extension."
            )
        }
        for (id, settings) in client.capabilities.extensions?.members.map({ ($0.key, $0.value) }) ?? [] {
            if id.split(separator: "/", omittingEmptySubsequences: false).count != 2 || id.hasPrefix("/") {
                findings.append(
                    Finding(.protocolError, "The extension \"\(id)\" is not named prefix/name.")
                )
            }
            if settings.object == nil {
                findings.append(
                    Finding(.protocolError, "The settings of the extension \"\(id)\" are not an object.")
                )
            }
        }
        return findings.map { $0.on(.lifecycle) }
    }
}

/// Whether a server supports an era, as far as the handshake shows.
private enum EraSupport {
    case supported([String], because: String)
    case unsupported(because: String)
    case unknown(toFindOut: String)

    /// Both eras of a connected server.
    static func of(_ client: Client) -> (stateless: EraSupport, legacy: EraSupport) {
        let revision = client.revision
        let versions = client.greeting["supportedVersions"]?.value().array?.compactMap(\.string) ?? []
        switch revision.era {
        case .modern:
            let legacy = versions.filter { Revision(wireName: $0)?.era == .legacy }
            return (
                .supported(versions.filter { !legacy.contains($0) }, because: client.verdict.reason),
                // Servers of both eras often name only the stateless revisions here.
                legacy.isEmpty
                    ? .unknown(toFindOut: "supportedVersions names no legacy revision. Connect with protocol legacy.")
                    : .supported(legacy, because: "supportedVersions names them; no handshake was made")
            )
        case .legacy:
            let legacy = EraSupport.supported([revision.wireName], because: client.verdict.reason)
            guard client.options.era == .auto else {
                return (.unknown(toFindOut: "Connect with protocol auto or modern."), legacy)
            }
            return (.unsupported(because: client.verdict.reason), legacy)
        }
    }

    var word: String {
        switch self {
        case .supported: "supported"
        case .unsupported: "not supported"
        case .unknown: "not tried"
        }
    }

    var json: JSONValue {
        switch self {
        case .supported(let versions, let reason):
            ["supported": true, "versions": .array(versions.map(JSONValue.string)), "evidence": .string(reason)]
        case .unsupported(let reason): ["supported": false, "versions": [], "evidence": .string(reason)]
        case .unknown(let advice): ["supported": nil, "versions": [], "evidence": .string("not tried. \(advice)")]
        }
    }
}
