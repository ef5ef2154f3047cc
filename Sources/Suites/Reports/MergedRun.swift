import JSON

/// The results of several runs, such as those of shards, as one run.
package struct MergedRun: Sendable {
    /// The results in the order of an undivided run.
    package private(set) var results: [CaseResult] = []
    package private(set) var summary = RunSummary()
    /// The shards that were added, by the number of shards, and the first file with one of them.
    private var shards: [Int: (numbers: Set<Int>, path: String)] = [:]
    /// Where the result of each case is.
    private var places: [String: Int] = [:]

    /// A file that is not the JSON report of a run.
    package struct Fault: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Creates a run without results.
    package init() {}

    /// Adds the report of a run, as `--report json` writes it.
    ///
    /// Of several results of one case, the last counts. A report that ends early, because its run was killed, is added
    /// as far as it goes.
    ///
    /// - Returns: Whether the report is complete.
    /// - Throws: ``Fault`` with the line that cannot be read.
    package mutating func add(_ bytes: [UInt8], path: String) throws(Fault) -> Bool {
        var isComplete = false
        var number = 0
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            guard !line.isEmpty else { continue }
            let value: JSONValue
            do throws(JSONError) {
                value = try JSONValue(parsing: Array(line))
            } catch {
                throw Fault(description: "\(path):\(number): The line is not valid JSON: \(error).")
            }
            switch value["event"]?.string {
            case "run_started":
                guard value["format"] == 1 else {
                    throw Fault(description: "\(path):\(number): Unknown format: expected 1.")
                }
                if let shard = value["shard"]?.string.flatMap(CaseSelection.Shard.init) {
                    shards[shard.count, default: ([], path)].numbers.insert(shard.number)
                }
            case "case":
                guard let result = CaseResult(value) else {
                    throw Fault(description: "\(path):\(number): The result of a case lacks members.")
                }
                if let known = places[result.id] {
                    results[known] = result
                } else {
                    places[result.id] = results.count
                    results.append(result)
                }
            case "run_finished":
                isComplete = value["interrupted"] != true
                summary.elapsed += .milliseconds(value["elapsed_ms"]?.double ?? 0)
            case nil: throw Fault(description: "\(path):\(number): Expected an event of a run.")
            default: continue
            }
        }
        if !isComplete { summary.wasInterrupted = true }
        return isComplete
    }

    /// Each shard whose results no file has, as a case that could not be judged.
    private var missingShards: [CaseResult] {
        shards.sorted { $0.key < $1.key }.flatMap { count, known in
            Set(1...count).subtracting(known.numbers).sorted().map { number in
                let shard = "shard \(number)/\(count)"
                let place = SourcePlace(file: known.path)
                var result = CaseResult(id: "merge/\(shard)", name: shard, place: place, server: "", index: 0)
                result.outcome = .error
                result.reason =
                    "None of the files has its results. Merge its file, too. If there is none, its run did not finish: run "
                    + "--shard \(number)/\(count) again."
                return result
            }
        }
    }

    /// Passes all events on, as a run does.
    package mutating func replay(_ onEvent: (RunEvent) -> Void) {
        results.sort { ($0.number, $0.file, $0.place.line) < ($1.number, $1.file, $1.place.line) }
        results += missingShards
        onEvent(.runStarted(cases: results.count, files: Set(results.map(\.file)).count))
        for index in results.indices {
            results[index].index = index
            summary.add(results[index])
            onEvent(.caseFinished(results[index]))
        }
        onEvent(.runFinished(summary))
    }
}

extension CaseResult {
    /// Reads what ``json`` has; nil if a member is missing.
    init?(_ value: JSONValue) {
        guard let id = value["id"]?.string, let name = value["name"]?.string, let file = value["file"]?.string,
            let line = value["line"]?.int, let column = value["column"]?.int,
            let outcome = value["outcome"]?.string.flatMap(CaseOutcome.init)
        else { return nil }
        self.id = id
        self.name = name
        self.file = file
        self.outcome = outcome
        place = SourcePlace(file: file, line: line, column: column)
        index = 0
        number = value["number"]?.int ?? 0
        server = value["server"]?.string ?? ""
        tags = value["tags"]?.array?.compactMap(\.string) ?? []
        cell = value["cell"]?.string
        reason = value["reason"]?.string
        isFlaky = value["flaky"] == true
        instances = value["instances"]?.string
        failedAsExpected = value["failed_as_expected"]?.string
        elapsed = .milliseconds(value["elapsed_ms"]?.double ?? 0)
        attempts = value["attempts"]?.int ?? 1
        steps = value["steps"]?.array?.compactMap { StepResult($0, file: file) } ?? []
        variations = (value["variations"]?.array ?? []).compactMap { value in
            guard let step = value["step"]?.string, let pointer = value["pointer"]?.string,
                let kind = value["kind"]?.string
            else { return nil }
            return Variation(step: step, pointer: pointer, kind: kind)
        }
        command = value["command"]?.string
        rule = value["rule"]?.string.map { CaseRule($0, page: value["page"]?.string) }
    }
}

extension StepResult {
    fileprivate init?(_ value: JSONValue, file: String) {
        guard let title = value["title"]?.string, let phase = value["phase"]?.string.flatMap(Phase.init),
            let line = value["line"]?.int, let column = value["column"]?.int
        else { return nil }
        self.init(title: title, phase: phase, place: SourcePlace(file: file, line: line, column: column))
        elapsed = .milliseconds(value["elapsed_ms"]?.double ?? 0)
        failures = (value["failures"]?.array ?? []).compactMap { value in
            guard let check = value["check"]?.string, let message = value["message"]?.string,
                let line = value["line"]?.int, let column = value["column"]?.int
            else { return nil }
            let place = SourcePlace(file: value["file"]?.string ?? file, line: line, column: column)
            let details = value["details"]?.array?.compactMap(\.string) ?? []
            return StepFailure(check, message, details: details, at: place)
        }
        result = value["result"]?.string
        stderr = value["stderr"]?.array?.compactMap(\.string) ?? []
        notes = value["notes"]?.array?.compactMap(\.string) ?? []
        frames = value["frames"]?.array?.compactMap(StepFrame.init) ?? []
    }
}
