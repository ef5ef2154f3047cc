import JSON
import JSONRPC
import MCP

extension ElicitParams {
    /// Converts a form to a revision.
    ///
    /// Older revisions have neither titled options nor most defaults.
    ///
    /// - Throws: an error for the client if a field accepts several values, which older revisions do not support.
    ///
    /// Source: 2025-06-18 and 2025-11-25, "Elicitation", requested schema.
    func adapted(to revision: Revision) throws(RPCError) -> ElicitParams {
        guard !revision.has(.richForms), var form = requestedSchema else { return trimmed(to: revision) }
        var properties = JSONObject()
        for (name, field) in form.fields {
            properties.append(name, try field.adapted(to: revision, name).jsonValue)
        }
        form.properties = properties
        var params = self
        params.requestedSchema = form
        return params.trimmed(to: revision)
    }
}

extension ElicitationField {
    fileprivate func adapted(to revision: Revision, _ name: String) throws(RPCError) -> ElicitationField {
        var field = self
        if type != "boolean" { field.default = nil }
        switch kind {
        case .choices, .titledChoices:
            throw .invalidRequest(
                "the field \"\(name)\" accepts several values; revision \(revision) has no such fields"
            )
        case .titledChoice:
            let choices = choices ?? []
            field.oneOf = nil
            field.enum = choices.map(\.value)
            field.enumNames = choices.map { $0.title ?? $0.value }
        default: break
        }
        return field
    }
}
