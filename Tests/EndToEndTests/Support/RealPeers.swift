import Testing

/// The tests with real libraries, which start slowly: one goes after the other.
@Suite(.serialized, .timeLimit(.minutes(15)))
enum RealPeers {}
