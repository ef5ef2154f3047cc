import JSON

/// The report on the difference between two surfaces.
public struct LockReport: Sendable {
    private let difference: SurfaceDifference
    private let allowed: ChangeWeight?
    private let isLock: Bool

    /// Compares two surfaces.
    ///
    /// - Parameters:
    ///   - allowed: The greatest weight of a change that does not fail; nil if every change fails.
    ///   - isLock: Whether the old surface is a promise to keep; otherwise the two are only compared.
    public init(from old: SurfaceLock, to new: SurfaceLock, allowing allowed: ChangeWeight?, isLock: Bool) {
        difference = SurfaceDifference(from: old.snapshot, to: new.snapshot)
        self.allowed = allowed
        self.isLock = isLock
    }

    /// The report.
    public var report: Report {
        var report = made
        report.add("surface_changes", .list(difference.changes.map(\.part)))
        let counts = ChangeWeight.allCases.map { JSONObject.Member(key: $0.rawValue, value: JSONValue(count($0))) }
        report.add("change_counts", .object(JSONObject(counts)))
        return report
    }

    private func count(_ weight: ChangeWeight) -> Int {
        difference.changes.count { $0.judgement.weight == weight }
    }

    private var made: Report {
        let refused = difference.changes.filter { change in !isAllowed(change.judgement.weight) }
        guard let first = refused.first else {
            return Report(.pass, difference.changes.isEmpty ? "nothing has changed" : difference.summary)
        }
        let count = difference.changes.count
        let breaking = "\(refused.count(where: \.judgement.isBreaking)) breaking"
        let which = count == 1 ? "" : allowed == nil || isLock ? "; the first" : "; the first that counts"
        var failure =
            isLock
            ? Failure(
                .schemaMismatch,
                .executionError,
                "\(refused.count) of \(count) change\(count == 1 ? "" : "s") \(refused.count == 1 ? "is" : "are") not allowed, "
                    + "\(breaking)\(which): \(first.phrase).",
                nextStep: "Undo them, or write the lock file again and review its difference.\(acceptance(of: refused))"
            )
            : Failure(
                .schemaMismatch,
                .executionError,
                "\(count) change\(count == 1 ? "" : "s"), \(breaking)\(which): \(first.phrase).",
                nextStep: "Undo the changes that are not intended.\(acceptance(of: refused))"
            )
        failure.page = nil
        return Report(failure)
    }

    /// The option that accepts changes, as a sentence after another one.
    private func acceptance(of changes: [SurfaceChange]) -> String {
        let weights = ChangeWeight.allCases.filter { weight in changes.contains { $0.judgement.weight == weight } }
        return weights.last.map { " --allow \($0.rawValue) accepts all of them." } ?? ""
    }

    private func isAllowed(_ weight: ChangeWeight) -> Bool {
        guard let allowed else { return false }
        return ChangeWeight.allCases.firstIndex(of: weight) ?? 0 <= ChangeWeight.allCases.firstIndex(of: allowed) ?? 0
    }
}
