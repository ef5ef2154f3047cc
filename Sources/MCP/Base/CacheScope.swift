/// The clients that may be given a cached result.
public enum CacheScope: String, CaseIterable, JSONConvertible {
    /// All clients.
    case `public`
    /// Only clients with the same authorization.
    case `private`
}
