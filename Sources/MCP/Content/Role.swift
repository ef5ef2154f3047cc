/// A speaker in a conversation.
public enum Role: String, CaseIterable, JSONConvertible {
    /// The user.
    case user
    /// The model.
    case assistant

    /// The shape of a role.
    static let shape = ValueShape.oneOf(allCases.map(\.rawValue))
}
