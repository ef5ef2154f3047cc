import JSON
import MCP

/// Checks the `resultType` of a result, in revisions that have it.
enum ResultKind {
    /// Why a result is not complete; `nil` if it is, and in older revisions.
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
                "\(label) requests input that this connection did not declare.",
                nextStep: "Read inputRequests in target_result. Request only input that the client declares."
            )
        default:
            return Failure(
                .protocolError,
                .executionError,
                "The result of \(label) has the unknown resultType \"\(resultType)\".",
                nextStep: "Return resultType \"complete\" or \"input_required\"."
            )
        }
    }
}
