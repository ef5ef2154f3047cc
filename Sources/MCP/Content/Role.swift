/// Who speaks in a conversation.
public enum Role: String, CaseIterable, JSONConvertible {
    /// The person.
    case user
    /// The model.
    case assistant

    /// One of the roles.
    static let shape = ValueShape.oneOf(allCases.map(\.rawValue))
}
