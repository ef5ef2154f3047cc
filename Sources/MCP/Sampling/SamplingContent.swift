package import JSON

/// A content block in sampling, which allows other kinds than tools and prompts.
///
/// Used for validation only.
package struct SamplingContent: JSONObjectView {
    package var json: JSONObject

    package init(json: JSONObject) {
        self.json = json
    }

    package static let members = ContentBlock.members

    package func problems(in revision: Revision) -> [Problem] {
        ContentBlock(json: json).problems(in: revision, among: revision.profile.samplingContentKinds)
    }
}

extension ContentBlock {
    /// The blocks of a member that holds one block or several.
    static func list(_ value: JSONValue?) -> [ContentBlock]? {
        switch value {
        case .object(let object): [ContentBlock(json: object)]
        case .array(let elements): elements.compactMap(ContentBlock.init(jsonValue:))
        default: nil
        }
    }
}
