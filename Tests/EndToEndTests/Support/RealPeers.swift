import Testing

/// The tests with real libraries, which start slowly, run one after the other.
@Suite(.serialized, .timeLimit(.minutes(15)))
enum RealPeers {}
