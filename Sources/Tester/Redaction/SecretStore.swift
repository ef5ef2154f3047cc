import Synchronization

/// The secrets that are known so far, from which outputs are cleaned.
///
/// A store may have a parent, which gets every secret too: the answers of a principal are cleaned of the secrets of that
/// principal, and log lines of those of all.
public final class SecretStore: Sendable {
    private let parent: SecretStore?
    private let known = Mutex(Redactor())
    /// Whether anything was added, which is known without a lock.
    private let isUsed = Atomic(false)

    /// Creates a store without secrets.
    public init(parent: SecretStore? = nil) {
        self.parent = parent
    }

    /// The redactor of the secrets that are known now.
    public var redactor: Redactor {
        isUsed.load(ordering: .acquiring) ? known.withLock { $0 } : Redactor()
    }

    /// Adds secrets; those that are too short to be looked for are ignored.
    public func add(_ secrets: [Secret]) {
        guard !secrets.isEmpty else { return }
        known.withLock { redactor in
            for secret in secrets { redactor.add(secret) }
        }
        isUsed.store(true, ordering: .releasing)
        parent?.add(secrets)
    }
}
