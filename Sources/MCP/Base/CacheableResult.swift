/// A result that says how long it may be kept.
///
/// Source: 2026-07-28, "Caching"; no earlier revision has it.
public protocol CacheableResult: ResultView {}

extension CacheableResult {
    /// For how many milliseconds the result is fresh; 0 or less means not at all.
    public var ttlMs: Int? {
        get { self["ttlMs"] }
        set { self["ttlMs"] = newValue }
    }

    /// Who may be given the kept result.
    public var cacheScope: CacheScope? {
        get { self["cacheScope"] }
        set { self["cacheScope"] = newValue }
    }
}
