import HostConfiguration
import Platform
import Suites
import Synchronization
import Tester

/// The reports of a run, and where they are written.
final class RunReports: Sendable {
    private struct Destination {
        var report: any RunReport
        let format: ReportFormat
        /// Nil for standard output.
        var file: ReportFile?
    }

    private let streams: Streams
    private let destinations: Mutex<[Destination]>

    /// Checks the reports that a command writes besides its text: for each a format, `=` and a file.
    ///
    /// - Throws: ``Failure`` for an unknown format, and for one without a file.
    static func checkFiles(_ words: [String]) throws(Failure) {
        for word in words {
            _ = try format(of: word)
            guard !word.contains("=") else { continue }
            throw .usage(
                "The report \"\(word)\" has no file.",
                nextStep: "Give it one, as in --report \(word)=FILE. Standard output has the text, or --json."
            )
        }
    }

    private static func format(of word: String) throws(Failure) -> ReportFormat {
        if let format = ReportFormat(rawValue: String(word.prefix { $0 != "=" })) { return format }
        let names = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw .usage("Unknown report format \"\(word)\".", nextStep: "Use one of: \(names).")
    }

    /// Opens the files of reports that are written besides the text of a command.
    ///
    /// - Throws: ``Failure`` for a file that cannot be written.
    init(files words: [String], in context: CommandContext) throws(Failure) {
        streams = context.streams
        destinations = Mutex(
            try Self.destinations(words, context) { format, _ in
                format.report(version: Program.version, escape: SafeText.escape)
            }
        )
    }

    /// The reports that a command line names, with their files open.
    private static func destinations(
        _ words: [String],
        _ context: CommandContext,
        _ make: (_ format: ReportFormat, _ isFile: Bool) -> any RunReport
    ) throws(Failure) -> [Destination] {
        var destinations: [Destination] = []
        for word in words {
            let format = try format(of: word)
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let file: ReportFile? =
                if parts.count > 1 { try ReportFile(parts[1], appends: appends(parts[1], context)) } else { nil }
            destinations.append(Destination(report: make(format, file != nil), format: format, file: file))
        }
        return destinations
    }

    /// Opens the files of all reports.
    ///
    /// - Throws: ``Failure`` for an unknown format, and for a file that cannot be written.
    init(_ options: ReportOptions, in context: CommandContext) throws(Failure) {
        streams = context.streams
        let style = Style(options.color, environment: context.environment, isTerminal: context.streams.isTerminal)
        var destinations = try Self.destinations(options.report, context) { format, isFile in
            Self.report(format, options, isColored: !isFile && style.isColored)
        }
        let taken = destinations.filter { $0.file == nil }.count
        guard taken <= 1 else {
            throw .usage(
                "Only one report can go to standard output.",
                nextStep: "Give the others files, as in --report junit=junit.xml."
            )
        }
        if taken == 0 {
            let report = Self.report(.pretty, options, isColored: style.isColored)
            destinations.append(Destination(report: report, format: .pretty, file: nil))
        }
        self.destinations = Mutex(destinations)
    }

    private static func report(_ format: ReportFormat, _ options: ReportOptions, isColored: Bool) -> any RunReport {
        format.report(
            version: Program.version,
            isColored: isColored,
            isVerbose: !options.quiet,
            escape: SafeText.escape
        )
    }

    /// The step summary of GitHub Actions may have the text of other commands.
    private static func appends(_ path: String, _ context: CommandContext) -> Bool {
        context.surroundings().variable("GITHUB_STEP_SUMMARY") == path
    }

    /// Whether a report shows the messages of each step.
    var showsFrames: Bool {
        destinations.withLock { $0.contains { [.html, .json].contains($0.format) } }
    }

    func take(_ event: RunEvent) {
        destinations.withLock { destinations in
            for index in destinations.indices {
                let text = destinations[index].report.text(for: event)
                guard !text.isEmpty else { continue }
                if let file = destinations[index].file {
                    file.write(streams.secrets.redactor.redact(text))
                } else {
                    switch destinations[index].format {
                    // It escapes what servers sent, and adds colors.
                    case .pretty: streams.out(text)
                    case .json, .sarif: streams.out(SafeText.escapeJSON(text))
                    default: streams.out(SafeText.escape(text))
                    }
                }
            }
        }
    }

    /// Closes all files.
    ///
    /// - Returns: What could not be written, as sentences.
    func close() -> [String] {
        destinations.withLock { destinations in destinations.compactMap { $0.file?.close() } }
    }
}

/// A file that a report is written to.
final class ReportFile: Sendable {
    private let path: String
    private struct State {
        var descriptor: Int32
        /// The `errno` value of the first write that failed.
        var error: Int32?
    }
    private let state: Mutex<State>

    /// Opens a file.
    ///
    /// - Throws: ``Failure`` of the class `usage` that says why it cannot be written.
    init(_ path: String, appends: Bool) throws(Failure) {
        self.path = path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (appends ? O_APPEND : O_TRUNC), 0o644)
        guard descriptor >= 0 else {
            throw .usage(
                "Could not write the report \(path): \(String(cString: strerror(errno))).",
                nextStep: "Give a file in a folder that exists and can be written."
            )
        }
        state = Mutex(State(descriptor: descriptor))
    }

    func write(_ text: String) {
        state.withLock { state in
            guard state.error == nil else { return }
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { Platform.write(state.descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else {
                    state.error = errno
                    return
                }
                bytes = bytes.dropFirst(count)
            }
        }
    }

    /// Closes the file.
    ///
    /// - Returns: Why it is incomplete; nil if it is not.
    func close() -> String? {
        state.withLock { state in
            if Platform.close(state.descriptor) != 0, state.error == nil { state.error = errno }
            return state.error.map {
                "The report \(path) is incomplete: \(String(cString: strerror($0))). The other reports were written."
            }
        }
    }
}
