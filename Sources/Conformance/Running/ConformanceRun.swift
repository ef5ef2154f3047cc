import AsyncRuntime
import JSON
import MCP
import MCPTransport

/// Runs the checks against a server, in each revision that it speaks.
package struct ConformanceRun {
    private let server: ServerUnderTest
    private let options: ConformanceOptions

    package init(_ server: ServerUnderTest, options: ConformanceOptions = ConformanceOptions()) {
        self.server = server
        self.options = options
    }

    /// Runs all checks that the options select.
    ///
    /// - Throws: what the transport throws if the server cannot be reached.
    package func run() async throws -> ConformanceResult {
        var result = ConformanceResult()
        let shared = SharedProbes()
        let revisions = options.revision.map { [$0] } ?? Revision.allCases.filter(isPossible)
        for revision in revisions {
            let probe = try await Probe(server, revision, options: options, shared: shared)
            guard probe.speaksRevision else {
                result.unspoken.append((revision, probe.main.greeting?.outcome ?? "no response"))
                await probe.closeAll()
                continue
            }
            result.revisions.append(revision)
            await probe.openCommon()
            await check(probe, &result)
            await probe.closeAll()
        }
        return result
    }

    /// Whether a revision exists on the transport.
    private func isPossible(_ revision: Revision) -> Bool {
        switch server.kind {
        case .streamableHTTP: revision.has(.streamableHTTP)
        case .sse: revision.era == .legacy
        case .stdio, .inMemory: true
        }
    }

    private func check(_ probe: Probe, _ result: inout ConformanceResult) async {
        await probe.list()
        for kind in Catalog.Kind.allCases {
            let names = probe.catalog.items(kind).compactMap { $0[kind.key]?.string }
            result.listed[kind, default: []].formUnion(names)
        }
        let checks = Check.all.filter { check in
            options.includes(check) && check.revisions.range.contains(probe.revision)
                && check.transports.contains(server.kind)
        }.sorted { $0.phase < $1.phase }
        for (index, check) in checks.enumerated() {
            options.onProgress?(index, checks.count, "\(probe.revision) \(check.id)")
            let mark = probe.traffic.entries.count
            let began = server.clock.now
            let verdict = await verdict(check, probe)
            result.results.append(
                CheckResult(
                    check: check,
                    revision: probe.revision,
                    verdict: verdict,
                    exchanges: probe.traffic.entries.dropFirst(mark).suffix(4).map(\.exchange),
                    elapsed: began.duration(to: server.clock.now)
                )
            )
        }
    }

    private func verdict(_ check: Check, _ probe: Probe) async -> Verdict {
        for need in check.needs where !probe.has(capability: need) {
            return .notApplicable(missing: "the capability \(need)")
        }
        do {
            try await probe.reopen()
            try await check.body(probe)
            return .pass
        } catch let stop as Verdict.Stop {
            return switch stop {
            case .broken(let violation): check.level == .must ? .fail(violation) : .warning(violation)
            case .harmless(let violation): .warning(violation)
            case .notApplicable(let missing): .notApplicable(missing: missing)
            case .inconclusive(let need): .inconclusive(need)
            }
        } catch {
            return .inconclusive("a connection: \(error)")
        }
    }
}

extension Probe {
    /// Whether the server declares a capability, named by its path.
    func has(capability path: String) -> Bool {
        var value = JSONValue.object(capabilities)
        // The identifier of an extension has dots.
        if path.contains("/") { return value["extensions"]?[path] != nil }
        for name in path.split(separator: ".") {
            guard let next = value[String(name)], next != false, !next.isNull else { return false }
            value = next
        }
        return true
    }
}
