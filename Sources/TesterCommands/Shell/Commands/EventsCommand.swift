import ArgumentParser
import MCPClient
import Tester

/// Shows what the server of a session sent besides its responses.
struct EventsCommand: SessionOperation {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show what the server sent besides its responses.",
        usage: "events [--last COUNT] [--kind KIND ...]",
        discussion: "Kinds: \(kinds.joined(separator: ", "))."
    )

    static let kinds = EventLog.Kind.allCases.map(\.rawValue)

    @Option(help: "Maximum number of events (default: 20).", transform: Count.zeroOrMore)
    var last: Int = 20

    @Option(help: "Show only this kind. Repeatable. Frames are shown only if named.")
    var kind: [EventKind] = []

    @OptionGroup
    var output: OutputOptions

    var words: [String] { [] }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        let kinds = kind.isEmpty ? Set(EventLog.Kind.allCases).subtracting([.frame]) : Set(kind.map(\.kind))
        return { [last] session in
            let log = session.connections.last?.client.link.events
            let numbers = log?.since(0, kinds: kinds).entries.suffix(last).map(\.number) ?? []
            let since = numbers.first.map { $0 - 1 } ?? log?.count ?? 0
            return await session.events(.init(since: since, kinds: kinds, limit: last))
        }
    }

    /// A kind of events on the command line.
    struct EventKind: ExpressibleByArgument {
        let kind: EventLog.Kind

        init?(argument: String) {
            guard let kind = EventLog.Kind(rawValue: argument) else { return nil }
            self.kind = kind
        }

        static var allValueStrings: [String] { EventsCommand.kinds }
    }
}
