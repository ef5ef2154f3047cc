import JSON

/// The parameters of a request, scanned once for the members that most handlers and the eras read.
///
/// A class, because every async function that receives it would reserve space for a copy.
final class ReceivedParams: Sendable {
    /// All of them, as received.
    let text: JSONText?
    private let places: Places

    /// Where the values are in the text.
    private struct Places {
        var name: Range<Int>?
        var arguments: Range<Int>?
        var meta: Range<Int>?
        var task: Range<Int>?
        var inputResponses: Range<Int>?
        var requestState: Range<Int>?
    }

    init(_ text: JSONText?) {
        self.text = text
        var places = Places()
        // The last of several members with the same name counts.
        if let text, text.kind == .object { Self.scan(text, for: &places) }
        self.places = places
    }

    private static func scan(_ text: JSONText, for places: inout Places) {
        text.scanMembers { raw, member in
            switch Name(member, in: raw) {
            case .name: places.name = member.value
            case .arguments: places.arguments = member.value
            case .meta: places.meta = member.value
            case .task: places.task = member.value
            case .inputResponses: places.inputResponses = member.value
            case .requestState: places.requestState = member.value
            case nil: break
            }
        }
    }

    /// The name of the tool or prompt.
    var name: JSONText? { slice(places.name) }
    /// The arguments of the tool or prompt.
    var arguments: JSONText? { slice(places.arguments) }
    /// The metadata, which in the stateless era has the envelope.
    var meta: JSONText? { slice(places.meta) }
    /// The request to perform the call as a task.
    var task: JSONText? { slice(places.task) }
    /// The responses to the input requests of the previous round.
    var inputResponses: JSONText? { slice(places.inputResponses) }
    /// The state of the previous round.
    var requestState: JSONText? { slice(places.requestState) }

    /// All of them as a tree; empty if there are none.
    var object: JSONObject { text?.value().object ?? [:] }

    private func slice(_ range: Range<Int>?) -> JSONText? {
        guard let text, let range else { return nil }
        return text.slice(range)
    }

    private enum Name: String {
        case name
        case arguments
        case meta = "_meta"
        case task
        case inputResponses
        case requestState

        init?(_ member: JSONText.MemberRange, in raw: RawSpan) {
            if member.keyHasEscapes {
                self.init(rawValue: member.name(in: raw))
                return
            }
            switch member.key.count {
            case 4 where raw.equals("name", at: member.key): self = .name
            case 4 where raw.equals("task", at: member.key): self = .task
            case 5 where raw.equals("_meta", at: member.key): self = .meta
            case 9 where raw.equals("arguments", at: member.key): self = .arguments
            case 12 where raw.equals("requestState", at: member.key): self = .requestState
            case 14 where raw.equals("inputResponses", at: member.key): self = .inputResponses
            default: return nil
            }
        }
    }
}
