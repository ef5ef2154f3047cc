public import Testing

/// Gives a suite or its tests an open connection to a server, ``MCPTargetSession/current``.
///
///     @Suite(.server(.command("uv", "run", "server.py"), per: .suite))
///     struct CalculatorTests {
///         @Test func addsNumbers() async throws {
///             try await MCPTargetSession.current.call("add", ["a": 1, "b": 2]).expect(text: "3")
///         }
///     }
public struct MCPTargetTrait: SuiteTrait, TestTrait, TestScoping {
    /// How long a process lives.
    public enum Lifetime: Sendable {
        /// Each case of each test has its own.
        case test
        /// All tests of the suite share one, and what they change in it.
        case suite
    }

    let target: MCPTarget
    let lifetime: Lifetime

    /// Whether each test of the suite gets the trait.
    public var isRecursive: Bool { lifetime == .test }

    /// Connects, runs the test, and ends the connection.
    public func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await target.connected { session in
            try await MCPTargetSession.$open.withValue(session) { try await function() }
        }
    }

    /// For a suite with one process: around the suite; otherwise around each case of a test.
    public func scopeProvider(for test: Test, testCase: Test.Case?) -> MCPTargetTrait? {
        switch lifetime {
        case .suite: test.isSuite || testCase != nil && MCPTargetSession.open == nil ? self : nil
        case .test: testCase == nil ? nil : self
        }
    }
}

extension Trait where Self == MCPTargetTrait {
    /// Gives a suite or its tests an open connection to a server.
    ///
    /// - Parameters:
    ///   - target: The server.
    ///   - lifetime: Whether each test has a process of its own, or the suite has one.
    public static func server(_ target: MCPTarget, per lifetime: MCPTargetTrait.Lifetime = .test) -> MCPTargetTrait {
        MCPTargetTrait(target: target, lifetime: lifetime)
    }
}

extension MCPTargetSession {
    @TaskLocal static var open: MCPTargetSession?

    /// The connection of the running test.
    ///
    /// - Throws: ``NoTarget`` if neither the test nor its suite has the trait `.server(…)`.
    public static var current: MCPTargetSession {
        get throws {
            guard let open else { throw NoTarget() }
            return open
        }
    }
}

/// A test asked for its server and has none.
public struct NoTarget: Error, CustomStringConvertible {
    /// What to add.
    public var description: String { "The test has no server: add the trait .server(…) to it or to its suite." }
}
