import JSON
import MCP

extension Check {
    static func paramsProblem(_ method: String, _ params: JSONValue, _ revision: Revision) -> String? {
        guard let object = params.object else { return "params is \(params.typeName)" }
        return switch method {
        case "elicitation/create": ElicitParams(json: object).problems(in: revision).first?.description
        case "sampling/createMessage": CreateMessageParams(json: object).problems(in: revision).first?.description
        default: nil
        }
    }

    /// Why an input request needs something that the client did not declare; nil if it does not.
    static func undeclared(_ request: JSONValue, _ declared: JSONObject) -> String? {
        let method = request["method"]?.string ?? ""
        let capability = method.split(separator: "/").first.map(String.init) ?? ""
        guard let own = declared[capability] else { return "\(method) without the capability \(capability)" }
        if capability == "elicitation" {
            let mode = request["params"]?["mode"]?.string ?? "form"
            let isAllowed = own[mode] != nil || mode == "form" && own.object?.isEmpty == true
            return isAllowed ? nil : "elicitation of the mode \(mode) without its capability"
        }
        let usesTools = request["params"]?["tools"] != nil || request["params"]?["toolChoice"] != nil
        return capability == "sampling" && usesTools && own["tools"] == nil
            ? "sampling with tools without sampling.tools" : nil
    }
}
