import JSON
import Tester

/// What has changed in what a server offers.
extension ReportRenderer {
    mutating func writeSurfaceChanges(_ changes: JSONValue) {
        guard let changes = changes.array, !changes.isEmpty else { return }
        for (weight, role) in [("breaking", Style.Role.bad), ("compatible", .doubtful), ("cosmetic", .faint)] {
            let group = changes.filter { $0["weight"]?.string == weight }
            guard !group.isEmpty else { continue }
            section("\(weight.prefix(1).uppercased())\(weight.dropFirst()) changes (\(group.count))")
            for change in group {
                let place = SurfacePlace(
                    change["item"]?.string ?? "",
                    name: change["name"]?.string,
                    field: change["field"]?.string
                )
                line(
                    Span(place.text(change["change"]?.string ?? ""), role),
                    ": \(change["why"]?.string ?? "")\(Self.values(change))",
                    indent: 2
                )
            }
        }
    }

    /// The values before and after a change, if they are short.
    private static func values(_ change: JSONValue) -> String {
        guard let old = change["before"]?.description, let new = change["after"]?.description,
            old.count <= 60, new.count <= 60
        else { return "" }
        return " (was \(old), is \(new))"
    }
}
