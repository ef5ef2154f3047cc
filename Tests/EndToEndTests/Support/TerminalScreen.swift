import JSON
import Synchronization
import TestSupport

/// The program at a terminal with a real emulator behind it: a test types, and waits for what a person would see.
final class TerminalScreen: Sendable {
    private let program: RunningProgram
    private let state = Mutex(State())

    private struct State {
        var rows: [String] = []
        var cursor = (row: 0, column: 0)
        var code: Int?
    }

    static let isAvailable = TestPeers.terminal.isAvailable

    /// Starts the program with arguments, or another program.
    init(
        _ arguments: [String],
        columns: Int = 80,
        rows: Int = 24,
        environment: [String: String] = [:],
        executable: String = Product.path
    ) async throws {
        // Without a place for the history, tests do not see that of others.
        let variables = ["TERM": "xterm-256color", "XDG_STATE_HOME": "none", "HOME": ""].merging(environment) { $1 }
        program = try await RunningProgram(
            [TestPeers.script("screen.py"), "--size", "\(columns)x\(rows)", executable] + arguments,
            environment: variables,
            executable: TestPeers.terminal.python
        )
    }

    /// All rows, those that have scrolled away first.
    var rows: [String] { state.withLock { $0.rows } }

    /// All rows as one text.
    var text: String { rows.joined(separator: "\n") }

    /// The row of the cursor.
    var currentRow: String {
        state.withLock { $0.rows.indices.contains($0.cursor.row) ? $0.rows[$0.cursor.row] : "" }
    }

    /// The column of the cursor, from 0.
    var column: Int { state.withLock { $0.cursor.column } }

    func type(_ text: String) {
        program.write("\(JSONValue.object(["type": .string(text)]))\n")
    }

    func resize(columns: Int, rows: Int) {
        program.write("\(JSONValue.object(["resize": [JSONValue(columns), JSONValue(rows)]]))\n")
    }

    /// Waits until the screen shows a text.
    func shows(_ text: String) async throws {
        try await wait { $0.text.contains(text) }
    }

    /// Waits until the cursor is in a row with exactly this text.
    func isAt(_ row: String) async throws {
        try await wait { $0.currentRow == row }
    }

    /// Waits for a state of the screen.
    func wait(until condition: (TerminalScreen) -> Bool) async throws {
        while !condition(self) { try await next() }
    }

    /// Waits for the program to exit, and returns its code.
    func exitCode() async throws -> Int {
        while true {
            if let code = state.withLock({ $0.code }) { return code }
            try await next()
        }
    }

    private func next() async throws {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: try await program.line())
        } catch {
            throw Unseen(screen: text, error: "\(error)")
        }
        state.withLock { state in
            if let code = value["exit"]?.int { state.code = code }
            guard let rows = value["screen"]?.array, let cursor = value["cursor"]?.array else { return }
            state.rows = rows.compactMap(\.string)
            state.cursor = (cursor[0].int ?? 0, cursor[1].int ?? 0)
        }
    }

    /// The program ended before the screen showed what a test waited for.
    struct Unseen: Error, CustomStringConvertible {
        let screen: String
        let error: String
        var description: String { "\(error)\nthe screen:\n\(screen)" }
    }
}
