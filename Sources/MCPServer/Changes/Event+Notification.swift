import JSON
import JSONRPC
import MCP

extension Change {
    /// The notification that tells it, with its parameters.
    var notification: (name: NotificationName, params: any SubscriptionMessage) {
        switch self {
        case .tools: (.toolsListChanged, NotificationParams())
        case .prompts: (.promptsListChanged, NotificationParams())
        case .resources: (.resourcesListChanged, NotificationParams())
        case .content(let uri): (.resourcesUpdated, ResourceUpdatedParams(uri: uri))
        }
    }
}

extension Message {
    /// The bytes of a notification in the words of a revision.
    static func encode(
        _ name: NotificationName,
        _ params: some JSONObjectView,
        in revision: Revision
    ) -> [UInt8] {
        let object = params.trimmed(to: revision)
        return encode(method: name.rawValue, params: object.json.isEmpty ? nil : JSONText(object.jsonValue))
    }
}
