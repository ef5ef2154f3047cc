import AsyncRuntime
import DemoServer
import HostConfiguration
import MCP
import MCPClient
import Tester

/// Finds what completes the word at the cursor.
struct CompletionSource {
    let context: CommandContext
    /// Whether a target may be started if its names are not known.
    let startsTargets: Bool

    /// What completes the word at the cursor.
    func answer(to subject: CompletionSubject, current: String) async -> CompletionAnswer {
        var answer = await all(subject, current)
        answer.prefix = subject.prefix
        answer.candidates = answer.candidates.map { .init(word: subject.prefix + $0.word, description: $0.description) }
        return answer.matching(current)
    }

    private func all(_ subject: CompletionSubject, _ current: String) async -> CompletionAnswer {
        let table = CommandTable.shared
        switch subject.kind {
        case .nothing: return CompletionAnswer()
        case .files: return CompletionAnswer(addition: .files)
        case .directories: return CompletionAnswer(addition: .directories)
        case .serverCommand: return CompletionAnswer(addition: .command)
        case .commands: return words(table.commands.map { ($0.name, $0.abstract) })
        case .options(let command):
            let known = (command.flatMap { table[$0] } ?? table["serve"])?.options ?? []
            let options = command == nil ? table.root.options + known : known
            return words(options.compactMap { option in option.names.last.map { ($0, option.help) } })
        case .values(let values): return words(values.map { ($0, "") })
        case .protocols:
            return words((["auto", "legacy", "modern"] + Revision.allCases.map(\.wireName)).map { ($0, "") })
        case .hosts: return words(Host.all.map { ($0.id, $0.name) })
        case .faults: return words(Fault.allCases.map { ($0.rawValue, $0.help) })
        case .methods: return words(Self.methods.map { ($0, "") })
        case .target:
            var answer = targets
            // No file is meant, and bash would put a backslash before the sign.
            if current.hasPrefix("@") { answer.addition = .nothing }
            return answer
        case .tools: return await names(.tools, subject)
        case .prompts: return await names(.prompts, subject)
        case .resources: return await names(.resources, subject)
        case .templates: return await names(.resourceTemplates, subject)
        case .arguments(let name, let isPrompt):
            let entry = await listed(subject)?.entries[isPrompt ? .prompts : .tools]?.first { $0.name == name }
            return arguments(entry?.arguments ?? [], subject)
        case .templateArguments(let uri): return words(Self.variables(in: uri).map { ($0, "") })
        }
    }

    private func words(_ words: [(String, String)]) -> CompletionAnswer {
        CompletionAnswer(candidates: words.map { .init(word: $0.0, description: $0.1) })
    }

    private func names(_ kind: ListKind, _ subject: CompletionSubject) async -> CompletionAnswer {
        words((await listed(subject)?.entries[kind] ?? []).map { ($0.name, $0.description) })
    }

    /// `name=`, and with each value that is known; those that are given already are not offered again.
    private func arguments(_ arguments: [ListedNames.Argument], _ subject: CompletionSubject) -> CompletionAnswer {
        let open = arguments.filter { argument in !subject.context.contains { $0.hasPrefix("\(argument.name)=") } }
        return words(
            open.flatMap { argument in
                [("\(argument.name)=", argument.description)] + argument.values.map { ("\(argument.name)=\($0)", "") }
            }
        )
    }

    /// The demo server, the configured servers and files.
    private var targets: CompletionAnswer {
        let servers = ConfiguredTargets(in: context.surroundings()).servers
        var answer = words([("demo", "The built-in demo server")] + servers.map { ("@\($0.name)", $0.hostName) })
        answer.addition = .files
        return answer
    }

    /// The methods that a client sends in any revision.
    private static let methods = Set(
        Revision.allCases.flatMap { revision in
            revision.profile.methods.filter { $0.value.directions.contains(.clientToServer) }.keys.map(\.rawValue)
        }
    ).sorted()

    /// The names of the variables in a URI template.
    private static func variables(in template: String) -> [String] {
        template.split(separator: "{").dropFirst().flatMap { part in
            part.prefix { $0 != "}" }.drop { "+#./;?&".contains($0) }.split(separator: ",").map { name in
                String(name.prefix { $0 != ":" && $0 != "*" })
            }
        }
    }

    // MARK: - Names of a target

    /// The names of the target: from the cache, or listed now.
    private func listed(_ subject: CompletionSubject) async -> ListedNames? {
        guard let target = await target(subject), let cache = context.listingCache else { return nil }
        let mayStart = startsTargets && target.target.isTypedCommand
        let key = target.target.cacheKey(in: context.surroundings().directory)
        switch cache.content(for: key) {
        case .names(let names) where names.entries.count == ListKind.allCases.count: return names
        case .names(let names) where !mayStart: return names
        case .unreachable: return nil
        case .names, nil: break
        }
        guard mayStart else { return nil }
        let session = TesterSession(
            settings: target.options.settings(in: context, showsWire: false),
            clock: context.clock
        )
        let names = await list(target.target, session)
        if let names { cache.keep(names, for: key) } else { cache.noteUnreachable(key) }
        await session.close()
        return names
    }

    /// Connects and lists, as long as someone may be kept waiting.
    private func list(_ target: Target, _ session: TesterSession) async -> ListedNames? {
        await withTaskGroup(of: ListedNames?.self) { group in
            group.addTask {
                let connected = await session.connect(TesterSession.ConnectRequest(target: target))
                guard connected.failure == nil else { return nil }
                _ = await session.list()
                return session.listedNames
            }
            group.addTask { [clock = context.clock, limit = context.completionLimit] in
                await clock.wait(for: limit)
                return nil
            }
            let names = await group.next() ?? nil
            group.cancelAll()
            // A server that is still starting would keep its task waiting.
            if names == nil { await context.endProcesses() }
            return names
        }
    }

    /// The target that the words before the cursor name.
    private func target(_ subject: CompletionSubject) async -> (target: Target, options: TargetOptions)? {
        guard case .run(let command as any TargetCommand, nil) = Invocation(subject.context) else { return nil }
        do throws(Failure) {
            let choice = try TargetOptions.choice(command.words, in: context)
            return (try await command.options.target(choice, in: context), command.options)
        } catch {
            return nil
        }
    }
}

extension Target {
    /// Whether the user has typed the file or the command that starts it.
    ///
    /// A key press alone sends no credentials to a URL, and starts nothing that only a configuration file names: that file
    /// may be part of a stranger's repository.
    fileprivate var isTypedCommand: Bool { process != nil && origin == nil }
}
