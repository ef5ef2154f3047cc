/// A result that carries caching hints.
///
/// Source: 2026-07-28, "Caching"; no earlier revision has it.
public protocol CacheableResult: ResultView {}

extension CacheableResult {
    /// The time in milliseconds for which the result is fresh; 0 or less means it is not.
    public var ttlMs: Int? {
        get { self["ttlMs"] }
        set { self["ttlMs"] = newValue }
    }

    /// The clients that may be given the cached result.
    public var cacheScope: CacheScope? {
        get { self["cacheScope"] }
        set { self["cacheScope"] = newValue }
    }
}
