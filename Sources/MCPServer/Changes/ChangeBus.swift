import Synchronization

/// Delivers changes to every host that subscribed to them.
///
/// Legacy hosts receive them on their session's stream, stateless hosts on the subscriptions that they opened. Assign a bus
/// to ``Server/changes`` and announce changes on it. ``announce(_:)`` returns once each transport has the message.
/// Source: 2026-07-28, "Subscriptions"; 2025-11-25, "Tools", "Prompts" and "Resources".
public final class ChangeBus: Sendable {
    /// The kinds of changes that the server declares and announces.
    public let kinds: Set<Change.Kind>

    private let subscribers = Mutex<[ObjectIdentifier: any Subscriber]>([:])

    /// Creates a bus without subscribers.
    public init(_ kinds: Set<Change.Kind>) {
        self.kinds = kinds
    }

    /// Announces a change.
    ///
    /// Changes of undeclared kinds are ignored.
    public func announce(_ change: Change) {
        guard kinds.contains(change.kind) else { return }
        publish(.change(change))
    }

    /// Passes an event to all subscribers, which filter it.
    func publish(_ event: Event) {
        for subscriber in subscribers.withLock({ Array($0.values) }) { subscriber.receive(event) }
    }

    func add(_ subscriber: some Subscriber) {
        subscribers.withLock { $0[ObjectIdentifier(subscriber)] = subscriber }
    }

    func remove(_ subscriber: some Subscriber) {
        subscribers.withLock { $0[ObjectIdentifier(subscriber)] = nil }
    }
}

/// An event on a bus.
enum Event: Sendable {
    /// What the server offers changed.
    case change(Change)
    /// The status of a task changed.
    case task(TaskSnapshot)
}

/// A receiver of events.
protocol Subscriber: AnyObject, Sendable {
    /// Receives an event. Must not block.
    func receive(_ event: Event)
}
