import JSON
import JSONRPC
import MCP

extension Change {
    /// The notification that announces the change.
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
    /// Encodes a notification for a revision.
    static func encode(
        _ name: NotificationName,
        _ params: some JSONObjectView,
        in revision: Revision
    ) -> [UInt8] {
        let object = params.trimmed(to: revision)
        return encode(method: name.rawValue, params: object.json.isEmpty ? nil : JSONText(object.jsonValue))
    }
}
