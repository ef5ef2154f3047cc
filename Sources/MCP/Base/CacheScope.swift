/// Who may be given a kept result.
public enum CacheScope: String, CaseIterable, JSONConvertible {
    /// Anybody.
    case `public`
    /// Only whoever has the same authorization.
    case `private`
}
