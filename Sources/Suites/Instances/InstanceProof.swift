import MCP

/// What a case on several instances shows about the state of its server.
enum InstanceProof {
    /// The finding of a case that passed.
    static func finding(_ turns: [InstanceTurn], count: Int) -> String {
        let used = Set(turns.map(\.instance)).count
        return used > 1
            ? "no state is kept: \(turns.count) requests on \(used) of \(count) instances"
            : "nothing is proved: all requests went to one of \(count) instances"
    }

    /// The failure of a case that passes with one instance.
    ///
    /// - Parameter turns: All requests of the case; the last is the one that failed, unless the step sent none.
    static func failure(_ turns: [InstanceTurn], count: Int, step: StepResult) -> StepFailure {
        let failed = turns.last.map { "\($0.description)" } ?? step.title
        let listens = turns.last { $0.subject.method == .subscriptionsListen }
        let change = turns.last { !$0.subject.isList }
        let message: String
        if step.title.hasPrefix("wait"), let listens, let change {
            message =
                "the server keeps state in its process: the case passes with one instance, but "
                + "a subscription of instance \(listens.instance) missed what instance "
                + "\(change.instance) did"
        } else {
            message = "the server keeps state in its process: the case passes with one instance, but \(failed) failed"
        }
        // Lists and the opening take no turn, so that their instances would look like a mistake.
        let counted = turns.dropLast().filter { !$0.subject.isList && $0.subject.method != .serverDiscover }
        let earlier = counted.suffix(10).map { "before it: \($0.description)" }
        return StepFailure("instances", message, details: earlier, at: step.place)
    }
}
