import JSON
import MCP

/// What kind of result a server says that a result is, where its revision has kinds.
enum ResultKind {
    /// Why a result is not the end of its request; nothing if it is, as everywhere in older revisions.
    ///
    /// Source: basic protocol, "resultType", the modern revisions: an absent one means complete, an unknown one makes the
    /// response invalid.
    static func failure(of resultType: String?, during label: String, in revision: Revision) -> Failure? {
        guard revision.has(.resultType), let resultType else { return nil }
        switch ResultType(rawValue: resultType) {
        case .complete: return nil
        case .inputRequired:
            return Failure(
                .needsInput,
                .executionError,
                "\(label) needs input before it can go on; target_result says which.",
                nextStep:
                    "Read inputRequests in target_result; this connection declared no input capability, so the server "
                    + "should not have asked."
            )
        default:
            return Failure(
                .protocolError,
                .executionError,
                "The result of \(label) has the unknown resultType \"\(resultType)\".",
                nextStep: "Report with resultType \"complete\" or \"input_required\"."
            )
        }
    }
}
