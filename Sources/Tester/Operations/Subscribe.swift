import JSON
import JSONRPC
import MCP
import MCPClient

extension TesterSession {
    /// Subscribes to changes of a target; they are events, and are mentioned in later reports.
    ///
    /// - Parameters:
    ///   - uris: The resources to subscribe to.
    ///   - lists: Whether to subscribe to changes of the lists of tools, prompts and resources.
    public func subscribe(
        toResources uris: [String] = [],
        lists: Bool = false,
        on name: String? = nil
    ) async -> Report {
        await perform(on: name, emptyPayload: ("subscription", nil)) { operation in
            guard lists || !uris.isEmpty else {
                let failure = Failure.usage(
                    "Nothing to subscribe to is given.",
                    nextStep: "Give uris of resources, or lists: true."
                )
                return operation.report(failure, emptyPayload: ("subscription", nil))
            }
            let undeclared = operation.undeclared(resources: !uris.isEmpty, lists: lists)
            guard undeclared.isEmpty else {
                return operation.report(operation.refusal(undeclared), emptyPayload: ("subscription", nil))
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
                    report.summary += "; the server did not accept: \(missing.joined(separator: ", "))"
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
    /// - Parameter number: The number of the subscription (default: all).
    public func unsubscribe(_ number: Int? = nil, on name: String? = nil) async -> Report {
        await perform(on: name, emptyPayload: ("ended", [])) { operation in
            let all = operation.connection.subscriptions
            let chosen = all.filter { number == nil || $0.number == number }
            if let number, chosen.isEmpty {
                let failure = Failure.usage(
                    "Unknown subscription \(number).",
                    nextStep: "Give the number that subscribe returned, or omit it to end all.",
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

    /// Sets the minimum log level of a target.
    public func setLogLevel(_ level: String, on name: String? = nil) async -> Report {
        await perform(on: name, emptyPayload: ("level", nil)) { operation in
            guard let level = LogLevel(rawValue: level) else {
                let names = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
                let failure = Failure.usage("Unknown log level \"\(level)\".", nextStep: "Use one of: \(names).")
                return operation.report(failure, emptyPayload: ("level", nil))
            }
            do throws(CallError) {
                let result = try await operation.client.setLogLevel(level)
                var report = operation.report("log level \(level.rawValue)")
                report.add("level", .string(level.rawValue))
                report.add(
                    "message",
                    result == nil
                        ? "Later requests carry the level: in this revision the server is stateless."
                        : "The server set the level for the session."
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
    /// The capabilities that a subscription needs and that the server does not declare.
    fileprivate func undeclared(resources: Bool, lists: Bool) -> [String] {
        let capabilities = client.capabilities.json
        var missing: [String] = []
        if resources, capabilities["resources"]?["subscribe"] != true { missing.append("resources.subscribe") }
        let kinds = ["tools", "prompts", "resources"]
        if lists, !kinds.contains(where: { capabilities[$0]?["listChanged"] == true }) {
            missing.append("listChanged of tools, prompts or resources")
        }
        return missing
    }

    fileprivate func refusal(_ undeclared: [String]) -> Failure {
        Failure(
            .protocolError,
            .executionError,
            "The server does not declare \(undeclared.joined(separator: " and ")), so nothing was sent.",
            nextStep: "Declare the capability in the server if it supports this. inspect_raw sends the request anyway.",
            details: ["undeclared": .array(undeclared.map(JSONValue.string))]
        )
    }

    /// The method of a subscription.
    fileprivate var subscribing: String {
        client.revision.era == .legacy ? "resources/subscribe" : "subscriptions/listen"
    }
}

extension Subscription {
    /// What was requested and not accepted.
    fileprivate var notHonoured: [String] {
        let asked = requested.json.members.map(\.key)
        let accepted = accepted?.json ?? [:]
        return asked.filter { accepted[$0] == nil || accepted[$0] == false }
    }

    /// The subscription as users see it.
    func json(number: Int) -> JSONObject {
        var object: JSONObject = [
            "number": JSONValue(number),
            "requested": .object(requested.json),
            "honoured": .object(accepted?.json ?? [:]),
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
