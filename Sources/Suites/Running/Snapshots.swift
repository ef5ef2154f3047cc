import JSON
import Synchronization
import Tester

/// The snapshots of one suite: results that were kept, in a file next to the suite.
package final class Snapshots: Sendable {
    /// Whether snapshots are written rather than compared.
    package enum Mode: Sendable {
        case compare
        case update
    }

    private struct State {
        var values: [String: JSONValue]
        /// The keys that cases of this run have used.
        var used: Set<String> = []
        var hasChanged = false
    }

    /// The path of the file.
    package let path: String
    private let mode: Mode
    private let state: Mutex<State>

    /// The file that belongs to a suite.
    package static func path(of suite: String) -> String {
        for ending in SuiteLoader.endings where suite.hasSuffix(ending) {
            return suite.dropLast(ending.count) + ".snapshots.json"
        }
        return suite + ".snapshots.json"
    }

    /// Reads snapshots.
    ///
    /// - Parameter bytes: The content of the file; nil if there is none.
    /// - Throws: ``SuiteProblems`` if the file is not what ``content(pruning:)`` writes, such as after an edit by hand.
    package init(path: String, _ bytes: [UInt8]?, mode: Mode) throws(SuiteProblems) {
        self.path = path
        self.mode = mode
        var values: [String: JSONValue] = [:]
        if let bytes { values = try Self.values(in: SourceFile(path: path, bytes: bytes)) }
        state = Mutex(State(values: values))
    }

    private static func values(in file: SourceFile) throws(SuiteProblems) -> [String: JSONValue] {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: file.bytes)
        } catch {
            let message =
                "The snapshots are not valid JSON: \(error). Correct the file, or remove it and use --update."
            let problem = SuiteProblem(message, in: file, at: min(error.offset, max(0, file.bytes.count - 1)))
            throw SuiteProblems(problems: [problem])
        }
        guard document["version"] == 1, let object = document["snapshots"]?.object else {
            let message =
                "Expected {\"version\": 1, \"snapshots\": {…}}. Correct the file, or remove it and use --update."
            throw SuiteProblems(problems: [SuiteProblem(message, in: file, at: 0)])
        }
        return Dictionary(object.members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// Compares a result with its snapshot, or keeps it as the new one.
    ///
    /// Values that differ in every run, such as times, are not compared.
    ///
    /// - Parameter exceptions: The places that are omitted from both.
    /// - Returns: How the result differs, or that no snapshot is stored; nil if it is as expected.
    func failure(
        of value: JSONValue,
        key: String,
        except exceptions: [SuitePath] = [],
        at place: SourcePlace
    ) -> StepFailure? {
        let value = value.omitting(exceptions)
        return state.withLock { state in
            state.used.insert(key)
            let old = state.values[key]?.omitting(exceptions)
            if mode == .update {
                if old.map({ !JSONDifference(from: $0, to: value).isEmpty }) ?? true {
                    state.values[key] = value
                    state.hasChanged = true
                }
                return nil
            }
            guard let old else {
                let message = "no snapshot \"\(key)\" is stored: read the result, then store it with --update"
                return StepFailure("snapshot", message, at: place)
            }
            let (details, changed) = ValueDifference.snapshotLines(from: old, to: value)
            guard !details.isEmpty else { return nil }
            let message = "the result differs from the snapshot \"\(key)\""
            var advice = ["if the new result is right, store it with --update"]
            if let changed {
                advice.append(
                    "if a value changes in each run, omit it: `snapshot: {except: [\(YAMLText.of(changed))]}`"
                )
            }
            return StepFailure("snapshot", message, details: details + advice, at: place)
        }
    }

    /// The file to write; nil if nothing has changed.
    ///
    /// - Parameter pruning: Whether snapshots that no case has used are removed, because all cases ran.
    package func content(pruning: Bool) -> [UInt8]? {
        state.withLock { state in
            var values = state.values
            if pruning { values = values.filter { state.used.contains($0.key) } }
            guard mode == .update, state.hasChanged || values.count != state.values.count else { return nil }
            let members = values.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: $0.value) }
            let document: JSONValue = ["version": 1, "snapshots": .object(JSONObject(members))]
            return Array((document.prettyPrinted + "\n").utf8)
        }
    }
}
