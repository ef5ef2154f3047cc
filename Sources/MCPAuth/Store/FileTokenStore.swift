public import AsyncRuntime
import HostConfiguration
import JSON
import Platform

/// Keeps authorizations in a file that only its owner can read, and that can be encrypted.
///
/// The file is replaced as a whole, so that a reader never sees half of it. Two lock files beside it, which processes lock
/// with flock(2), keep changes and renewals of several processes apart; the system unlocks them if a process dies.
public final class FileTokenStore: TokenStore {
    /// The path of the file.
    public let path: String
    private let clock: any Scheduler
    /// What encrypts the file; nil for readable JSON.
    private let seal: StoreSeal?

    /// How long to wait for a lock; longer than any exchange with an authorization server takes.
    private static let patience: Duration = .seconds(60)
    private static let pause: Duration = .milliseconds(20)
    private static let version = 1

    /// Creates a store; the file is created when something is saved.
    ///
    /// - Parameter isSealed: Whether the file is encrypted with a key that the system's secret service keeps.
    public init(path: String, isSealed: Bool = false, clock: any Scheduler) {
        self.path = path
        self.clock = clock
        seal = isSealed ? StoreSeal(clock: clock) : nil
    }

    /// All authorizations.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/store``.
    public func authorizations() async throws(AuthFailure) -> [Authorization] {
        try await read()
    }

    /// Saves an authorization in place of the one with the same key.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/store``.
    public func save(_ authorization: Authorization) async throws(AuthFailure) {
        try await locked("lock") { () throws(AuthFailure) in
            var all = try await self.read()
            all.replace(authorization)
            try await self.write(all)
        }
    }

    /// Removes the authorization with a key.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/store``.
    @discardableResult
    public func remove(_ key: Authorization.Key) async throws(AuthFailure) -> Bool {
        try await locked("lock") { () throws(AuthFailure) in
            var all = try await self.read()
            guard all.drop(key) else { return false }
            try await self.write(all)
            return true
        }
    }

    /// Checks that the file can be read and that its key can be reached if it is encrypted.
    ///
    /// - Parameter isForSaving: Whether something will be saved; if so, a missing key is created.
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/store``.
    public func check(isForSaving: Bool) async throws(AuthFailure) {
        guard isForSaving else {
            _ = try await read()
            try await seal?.prepare(createsKey: false)
            return
        }
        // Locked, so that two processes do not create two keys.
        try await locked("lock") { () throws(AuthFailure) in
            _ = try await self.read()
            try await self.seal?.prepare(createsKey: true)
        }
    }

    /// Runs a closure while no other process does.
    ///
    /// - Throws: What the closure throws, or ``AuthFailure`` of the kind ``AuthFailure/Kind/store``.
    public func exclusively<Value: Sendable>(
        _ body: @Sendable () async throws(AuthFailure) -> Value
    ) async throws(AuthFailure) -> Value {
        try await locked("renewal-lock", body)
    }

    // MARK: - The file

    private func read() async throws(AuthFailure) -> [Authorization] {
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try ConfigurationFile.read(path)
        } catch .missing {
            return []
        } catch {
            throw unusable("cannot be read: \(error)")
        }
        // Someone else may have created the file, with other permissions.
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & 0o077 != 0, chmod(path, 0o600) != 0 {
            throw unusable("can be read by others, and its permissions cannot be changed")
        }
        let document = try await opened(try parsed(bytes))
        guard document["version"]?.int == Self.version, let entries = document["authorizations"]?.array else {
            throw unusable("is not a token store of this program")
        }
        // A malformed entry cannot be used, and the next change removes it.
        return entries.compactMap { $0.object.flatMap(Authorization.init(stored:)) }
    }

    private func parsed(_ bytes: [UInt8]) throws(AuthFailure) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw unusable("is not valid JSON (\(error.line):\(error.column))")
        }
    }

    /// The document of the file, decrypted if it is encrypted.
    private func opened(_ document: JSONValue) async throws(AuthFailure) -> JSONValue {
        guard let sealed = document["sealed"]?.string, document["version"]?.int == Self.version else { return document }
        guard let seal else {
            throw unusable("is encrypted", advice: "Use --auth-store keyring, or name another file.")
        }
        switch try await seal.open(sealed) {
        case .success(let bytes): return try parsed(bytes)
        case .failure(let fault): throw unusable(fault.reason, advice: fault.advice)
        }
    }

    private func write(_ authorizations: [Authorization]) async throws(AuthFailure) {
        var document: JSONObject = [
            "version": JSONValue(Self.version),
            "authorizations": .array(authorizations.map { .object($0.stored) }),
        ]
        if let seal {
            let sealed = try await seal.seal(Array("\(JSONValue.object(document))".utf8))
            document = ["version": JSONValue(Self.version), "sealed": .string(sealed)]
        }
        do throws(FileProblem) {
            try ConfigurationFile.replace(path, with: Array("\(JSONValue.object(document))\n".utf8))
        } catch {
            throw unusable("cannot be written: \(error)")
        }
    }

    private func unusable(
        _ reason: String,
        advice: String = "Correct or remove the file, or name another one."
    ) -> AuthFailure {
        AuthFailure(.store, "the token store \(path) \(reason)", advice: advice)
    }

    // MARK: - Locks

    private func locked<Value: Sendable>(
        _ name: String,
        _ body: () async throws(AuthFailure) -> Value
    ) async throws(AuthFailure) -> Value {
        let descriptor = try await lock("\(path).\(name)")
        defer { close(descriptor) }
        return try await body()
    }

    private func lock(_ file: String) async throws(AuthFailure) -> Int32 {
        do throws(FileProblem) {
            try ConfigurationFile.makeDirectories(above: file)
        } catch {
            throw unusable("cannot be locked: \(error)")
        }
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw unusable("cannot be locked: \(String(cString: strerror(errno)))") }
        let deadline = clock.now.advanced(by: Self.patience)
        // A blocking flock(2) would need a thread and could not be cancelled.
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            guard code == EWOULDBLOCK || code == EINTR, clock.now < deadline, !Task.isCancelled else {
                close(descriptor)
                if Task.isCancelled { throw AuthFailure(.cancelled, "the authorization was cancelled") }
                throw unusable("is locked by another process")
            }
            await clock.wait(for: Self.pause)
        }
        return descriptor
    }
}
