import JSON
import JSONRPC
import MCP
import MCPClient

extension TesterSession {
    /// Asks a target to tell about changes; what it tells are events, and stands in the answers that follow.
    ///
    /// - Parameters:
    ///   - uris: The resources whose changes are wanted.
    ///   - lists: Whether changes of its lists are wanted.
    public func subscribe(
        toResources uris: [String] = [],
        lists: Bool = false,
        on name: String? = nil
    ) async -> Report {
        await perform(on: name, emptyPayload: ("subscription", nil)) { operation in
            guard lists || !uris.isEmpty else {
                let failure = Failure.usage(
                    "Nothing to subscribe to was named.",
                    nextStep: "Give uris, the resources to hear of, or lists: true."
                )
                return operation.report(failure, emptyPayload: ("subscription", nil))
            }
            var filter = SubscriptionFilter()
            if !uris.isEmpty { filter.resourceSubscriptions = uris }
            if lists {
                filter.toolsListChanged = true
                filter.promptsListChanged = true
                filter.resourcesListChanged = true
            }
            do throws(CallError) {
                let subscription = try await operation.client.subscribe(filter)
                let number = operation.connection.add(subscription)
                var report = operation.report("subscribed (number \(number))")
                let missing = subscription.notHonoured
                if !missing.isEmpty {
                    report.summary += "; the server does not tell about: \(missing.joined(separator: ", "))"
                }
                report.add("subscription", .object(subscription.json(number: number)))
                report.add("metadata", .object(operation.metadata))
                return report
            } catch {
                let failure = operation.failure(error, during: operation.subscribing)
                return operation.report(failure, emptyPayload: ("subscription", nil))
            }
        }
    }

    /// Ends subscriptions of a connection.
    ///
    /// - Parameter number: The number of the one to be ended; all without it.
    public func unsubscribe(_ number: Int? = nil, on name: String? = nil) async -> Report {
        await perform(on: name, emptyPayload: ("ended", [])) { operation in
            let all = operation.connection.subscriptions
            let chosen = all.filter { number == nil || $0.number == number }
            if let number, chosen.isEmpty {
                let failure = Failure.usage(
                    "There is no subscription \(number).",
                    nextStep: "Give the number that subscribe told, or none to end all.",
                    details: ["subscriptions": .array(all.map { JSONValue($0.number) })]
                )
                return operation.report(failure, emptyPayload: ("ended", []))
            }
            do throws(CallError) {
                for (number, subscription) in chosen {
                    operation.connection.forget([number])
                    try await operation.client.unsubscribe(subscription)
                }
            } catch {
                let failure = operation.failure(error, during: "resources/unsubscribe")
                return operation.report(failure, emptyPayload: ("ended", []))
            }
            let count = chosen.count
            var report = operation.report("ended \(count) subscription\(count == 1 ? "" : "s")")
            report.add("ended", .array(chosen.map { .object($0.subscription.json(number: $0.number)) }))
            report.add("metadata", .object(operation.metadata))
            return report
        }
    }

    /// Sets from which level on a target logs.
    public func setLogLevel(_ level: String, on name: String? = nil) async -> Report {
        await perform(on: name, emptyPayload: ("level", nil)) { operation in
            guard let level = LogLevel(rawValue: level) else {
                let names = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
                let failure = Failure.usage("\"\(level)\" is no log level.", nextStep: "Give one of: \(names).")
                return operation.report(failure, emptyPayload: ("level", nil))
            }
            do throws(CallError) {
                let result = try await operation.client.setLogLevel(level)
                var report = operation.report("log level \(level.rawValue)")
                report.add("level", .string(level.rawValue))
                report.add(
                    "message",
                    result == nil
                        ? "Each later request asks for it; this revision has no session to set it for."
                        : "The server took it for the whole session."
                )
                report.add("metadata", .object(operation.metadata))
                return report
            } catch {
                let failure = operation.failure(error, during: "logging/setLevel")
                return operation.report(failure, emptyPayload: ("level", nil))
            }
        }
    }
}

extension Operation {
    /// What is asked when somebody subscribes.
    fileprivate var subscribing: String {
        client.revision.era == .legacy ? "resources/subscribe" : "subscriptions/listen"
    }
}

extension Subscription {
    /// What was asked for and is not told.
    fileprivate var notHonoured: [String] {
        let asked = requested.json.members.map(\.key)
        let honoured = honoured?.json ?? [:]
        return asked.filter { honoured[$0] == nil || honoured[$0] == false }
    }

    /// It as users see it, by the number that they know.
    func json(number: Int) -> JSONObject {
        var object: JSONObject = [
            "number": JSONValue(number),
            "requested": .object(requested.json),
            "honoured": .object(honoured?.json ?? [:]),
            "status": .string(status.word),
        ]
        if let id { object["request"] = id.value }
        return object
    }
}

extension Subscription.Status {
    fileprivate var word: String {
        switch self {
        case .opening: "opening"
        case .active: "active"
        case .reopening: "reopening"
        case .ended(.byUs): "ended"
        case .ended(.byServer): "ended by the server"
        case .ended(.failed(let error)): "broken: \(error)"
        }
    }
}
