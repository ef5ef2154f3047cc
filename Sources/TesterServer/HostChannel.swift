import JSON
import MCP
import MCPClient
import MCPServer
import Tester

/// What a tool can tell its host while it runs, and ask it: progress, log messages where the host wants them, and what a
/// target asks where that is to be passed on.
struct HostChannel: Sendable {
    /// Takes what a target tells, and tells the host.
    ///
    /// The target's progress goes on as ours: under the host's own token, and only forwards.
    var relay: CallRelay
    private let revision: Revision
    private let capabilities: ClientCapabilities
    private let mayAsk: Bool

    init(_ context: RequestContext) {
        relay = CallRelay(
            progress: { params in
                guard let progress = params.progress else { return }
                context.reportProgress(progress, total: params.total, message: params.message)
            },
            log: { params in
                guard let level = params.level else { return }
                context.log(level, params.data ?? nil, logger: params.logger)
            }
        )
        revision = context.revision
        capabilities = context.caller.capabilities
        mayAsk = context.mayAsk
    }

    /// The questions of a target in the host's own way, if they are to be passed on and the host can be asked all of them.
    ///
    /// The state that goes with them is the id of the call, which is sealed on the way.
    func questions(of report: Report) -> InputRequiredResult? {
        guard mayAsk, let pending = report.pending,
            pending.questions.allSatisfy({ $0.rule == .forward && canAsk($0.question) })
        else { return nil }
        let questions = pending.questions.map { open in
            let params = open.question.params.value().object
            return (open.key, InputRequest(method: open.question.kind.method, params: params))
        }
        return InputRequiredResult(questions, requestState: pending.callID)
    }

    private func canAsk(_ question: ReceivedInputRequest) -> Bool {
        let direction = revision.has(.inputRequired) ? Direction.inResult : .serverToClient
        guard revision.profile.allows(question.kind.method, direction) else { return false }
        switch question.kind {
        case .elicitation:
            return question.mode == .url
                ? revision.has(.urlElicitation) && capabilities.has(.elicitationURL)
                : capabilities.supportsFormElicitation
        case .sampling:
            let wantsTools = question.params["tools"] != nil || question.params["toolChoice"] != nil
            return capabilities.has(wantsTools ? .samplingTools : .sampling)
        case .roots: return capabilities.has(.roots)
        }
    }
}
