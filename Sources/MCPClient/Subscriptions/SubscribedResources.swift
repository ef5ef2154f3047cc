/// The resources whose changes a server of the legacy era reports, in the order of their subscription.
///
/// The server has one subscription for each resource, however many subscriptions of the client name it.
struct SubscribedResources {
    private(set) var uris: [String] = []
    private var counts: [String: Int] = [:]

    mutating func add(_ uri: String) {
        counts[uri, default: 0] += 1
        if counts[uri] == 1 { uris.append(uri) }
    }

    mutating func remove(_ uri: String) {
        guard let count = counts[uri] else { return }
        counts[uri] = count > 1 ? count - 1 : nil
        if count == 1 { uris.removeAll { $0 == uri } }
    }
}
