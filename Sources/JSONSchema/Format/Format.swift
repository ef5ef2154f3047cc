/// The formats that can be asserted.
///
/// Others are always annotations.
///
/// Source: JSON Schema Validation 2020-12, 7.3. Internationalized host names are missing: they need the IDNA tables.
enum Format: String, Sendable {
    case dateTime = "date-time"
    case date
    case time
    case duration
    case email
    case idnEmail = "idn-email"
    case hostname
    case ipv4
    case ipv6
    case uri
    case uriReference = "uri-reference"
    case iri
    case iriReference = "iri-reference"
    case uriTemplate = "uri-template"
    case uuid
    case jsonPointer = "json-pointer"
    case relativeJSONPointer = "relative-json-pointer"
    case regex

    func accepts(_ text: String, budget: inout EvaluationBudget) throws(JSONSchemaLimits.Exceeded) -> Bool {
        switch self {
        case .dateTime: DateFormats.isDateTime(text)
        case .date: DateFormats.isDate(text)
        case .time: DateFormats.isTime(text)
        case .hostname: AddressFormats.isHostname(text)
        case .ipv4: AddressFormats.isIPv4(text)
        case .ipv6: AddressFormats.isIPv6(text)
        case .email: try AddressFormats.isEmail(text, budget: &budget)
        case .uri: try AddressFormats.isURI(text, relativeToo: false, budget: &budget)
        case .uriReference: try AddressFormats.isURI(text, relativeToo: true, budget: &budget)
        case .idnEmail: try AddressFormats.isEmail(Self.masked(text, by: "x"), budget: &budget)
        case .iri: try AddressFormats.isURI(Self.masked(text, by: "%FF"), relativeToo: false, budget: &budget)
        case .iriReference: try AddressFormats.isURI(Self.masked(text, by: "%FF"), relativeToo: true, budget: &budget)
        case .regex: Self.isPattern(text)
        case .duration: try FormatPatterns.duration.matches(text, budget: &budget)
        case .uriTemplate: try FormatPatterns.uriTemplate.matches(text, budget: &budget)
        case .uuid: try FormatPatterns.uuid.matches(text, budget: &budget)
        case .jsonPointer: try FormatPatterns.jsonPointer.matches(text, budget: &budget)
        case .relativeJSONPointer: try FormatPatterns.relativeJSONPointer.matches(text, budget: &budget)
        }
    }

    /// The format in words, for "expected …".
    var phrase: String {
        switch self {
        case .dateTime: "a date and time (RFC 3339) such as 2024-05-01T12:30:00Z"
        case .date: "a date such as 2024-05-01"
        case .time: "a time with offset such as 12:30:00Z"
        case .duration: "an ISO 8601 duration such as P1DT12H"
        case .email, .idnEmail: "an email address"
        case .hostname: "a host name"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .uri, .iri: "a URI with a scheme"
        case .uriReference, .iriReference: "a URI or a relative reference"
        case .uriTemplate: "a URI template (RFC 6570)"
        case .uuid: "a UUID"
        case .jsonPointer: "a JSON Pointer (empty or beginning with /)"
        case .relativeJSONPointer: "a relative JSON Pointer such as 1/name"
        case .regex: "a regular expression (ECMA-262)"
        }
    }

    /// Replaces non-ASCII characters, for grammars that allow all of them in the same positions.
    private static func masked(_ text: String, by mask: String) -> String {
        text.unicodeScalars.reduce(into: "") { masked, scalar in
            if scalar.isASCII { masked.unicodeScalars.append(scalar) } else { masked += mask }
        }
    }

    private static func isPattern(_ text: String) -> Bool {
        do throws(PatternError) {
            _ = try Pattern(text)
            return true
        } catch {
            return false
        }
    }
}
