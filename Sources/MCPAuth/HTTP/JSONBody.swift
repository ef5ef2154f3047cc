import JSON

/// Reads the body of a response that should be a JSON object.
enum JSONBody {
    /// Why a body is not a JSON object, as a noun phrase.
    struct Fault: Error {
        var reason: String
    }

    static func object(_ response: AuthResponse) -> Result<JSONObject, Fault> {
        guard !response.body.isEmpty else { return .failure(Fault(reason: "an empty body")) }
        if response.mediaType == "text/html" { return .failure(Fault(reason: "a web page (text/html)")) }
        do throws(JSONError) {
            guard let object = try JSONValue(parsing: response.body).object else {
                return .failure(Fault(reason: "JSON that is not an object"))
            }
            return .success(object)
        } catch {
            let type = response.mediaType.map { " (\($0))" } ?? ""
            return .failure(Fault(reason: "a body that is not valid JSON\(type)"))
        }
    }
}
