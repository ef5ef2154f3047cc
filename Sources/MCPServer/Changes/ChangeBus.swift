import Synchronization

/// Tells all hosts that want to know what has changed.
///
/// Hosts of the legacy era are told on their session's own stream, those of the modern era on the subscriptions that they
/// opened. Give one to ``Server/changes`` and announce what happens; that takes no longer than handing the message to each
/// transport.
/// Source: 2026-07-28, "Subscriptions"; 2025-11-25, "Tools", "Prompts" and "Resources".
public final class ChangeBus: Sendable {
    /// What changes are told of; a server declares these and no others.
    public let kinds: Set<Change.Kind>

    private let subscribers = Mutex<[ObjectIdentifier: any Subscriber]>([:])

    /// Creates a bus that nobody listens to yet.
    public init(_ kinds: Set<Change.Kind>) {
        self.kinds = kinds
    }

    /// Tells a change to those that want to know of it; a change of a kind that is not declared is told to nobody.
    public func announce(_ change: Change) {
        guard kinds.contains(change.kind) else { return }
        tell(.change(change))
    }

    /// Tells an event to all; each decides whether it is for it.
    func tell(_ event: Event) {
        for subscriber in subscribers.withLock({ Array($0.values) }) { subscriber.take(event) }
    }

    func add(_ subscriber: some Subscriber) {
        subscribers.withLock { $0[ObjectIdentifier(subscriber)] = subscriber }
    }

    func remove(_ subscriber: some Subscriber) {
        subscribers.withLock { $0[ObjectIdentifier(subscriber)] = nil }
    }
}

/// What a bus tells.
enum Event: Sendable {
    /// Something of the server has changed.
    case change(Change)
    /// A task stands otherwise now.
    case task(TaskSnapshot)
}

/// Somebody who wants to be told.
protocol Subscriber: AnyObject, Sendable {
    /// Takes note of an event, at once and without waiting for anything.
    func take(_ event: Event)
}
