import JSON
import MCP
import MCPClient
import MCPServer
import Tester

/// The channel from a running tool to its host: progress, log messages if the host wants them, input requests of the
/// target that are to be forwarded, and logins.
final class HostChannel: CallRelay {
    private let context: RequestContext
    private let session: TesterSession

    /// - Parameter session: Whose secrets are replaced in what is relayed.
    init(_ context: RequestContext, secrets session: TesterSession) {
        self.context = context
        self.session = session
    }

    /// Sends progress under the host's own token; it only increases.
    func progress(_ params: ProgressParams) {
        guard let progress = params.progress else { return }
        let message = params.message.map { session.redactor.redact($0) }
        context.reportProgress(progress, total: params.total, message: message)
    }

    func log(_ params: LogMessageParams) {
        guard let level = params.level else { return }
        context.log(level, session.redactor.redact(params.data ?? nil), logger: params.logger)
    }

    /// The input requests for the host: to open the URL of a login, or those of a target; `nil` unless all of these are to
    /// be forwarded and the host supports all.
    ///
    /// Their state is the id of the call, which the server seals.
    func inputRequests(of report: Report) -> InputRequiredResult? {
        if let consent = report.consent { return loginRequest(consent) }
        guard context.mayAsk, let pending = report.pending,
            pending.questions.allSatisfy({ $0.rule == .forward && supports($0.question) })
        else { return nil }
        let questions = pending.questions.map { open in
            let params = open.question.params.value().object
            return (open.key, InputRequest(method: open.question.kind.method, params: params))
        }
        return InputRequiredResult(questions, requestState: pending.callID)
    }

    // MARK: - Logins

    /// The state and the key of the request to open the URL of a login; no call has this id.
    private static let login = "login"

    /// Whether the host answers the request to open the URL of a login.
    var isLoginAnswered: Bool { context.requestState == Self.login }

    /// What the host's answer means for the login that a target demands.
    ///
    /// Without a usable answer, the URL is reported instead.
    var loginStep: LoginStep {
        guard isLoginAnswered, let response = context.inputResponses[Self.login]?.object else { return .begin }
        return switch ElicitResult(json: response).action {
        case .accept?: .wait
        case .decline?, .cancel?: .end
        case nil: .begin
        }
    }

    private func loginRequest(_ consent: ConsentRequest) -> InputRequiredResult? {
        guard context.mayAsk, !isLoginAnswered, supportsURLs else { return nil }
        let params = ElicitParams.url(consent.url, message: session.redactor.redact(consent.message))
        let request = InputRequest(method: .elicitationCreate, params: params.json)
        return InputRequiredResult([(Self.login, request)], requestState: Self.login)
    }

    private var supportsURLs: Bool {
        context.revision.has(.urlElicitation) && context.caller.capabilities.has(.elicitationURL)
    }

    // MARK: - Input requests of targets

    private func supports(_ question: ReceivedInputRequest) -> Bool {
        let (revision, capabilities) = (context.revision, context.caller.capabilities)
        let direction = revision.has(.inputRequired) ? Direction.inResult : .serverToClient
        guard revision.profile.allows(question.kind.method, direction) else { return false }
        switch question.kind {
        case .elicitation:
            return question.mode == .url
                ? supportsURLs
                : capabilities.supportsFormElicitation
        case .sampling:
            let wantsTools = question.params["tools"] != nil || question.params["toolChoice"] != nil
            return capabilities.has(wantsTools ? .samplingTools : .sampling)
        case .roots: return capabilities.has(.roots)
        }
    }
}
