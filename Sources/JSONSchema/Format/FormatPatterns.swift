/// Formats whose grammar is regular, as regular expressions.
enum FormatPatterns {
    /// Source: RFC 3339, appendix A.
    static let duration = compile(
        "^P(?:\\d+W|(?=.)(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)?"
            + "(?:T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S))?)$"
    )

    /// Source: RFC 9562, 4.
    static let uuid = compile("^[\\da-fA-F]{8}(?:-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}$")

    /// Source: RFC 6901, 3.
    static let jsonPointer = compile("^(?:/(?:[^~/]|~[01])*)*$")

    /// Source: draft-bhutton-relative-json-pointer-00, 3.
    static let relativeJSONPointer = compile("^(?:0|[1-9]\\d*)(?:#|(?:/(?:[^~/]|~[01])*)*)$")

    /// Source: RFC 6570, 2; the apostrophe is allowed as in its erratum 6937.
    static let uriTemplate = compile(
        "^(?:[^\\x00-\\x20\"<>\\\\^`{|}\\x7F%]|%[\\da-fA-F]{2}|\\{[+#./;?&=,!@|]?"
            + "\(variable)(?:,\(variable))*\\})*$"
    )
    private static let variable = "\(character)(?:\\.?\(character))*(?:\\*|:[1-9]\\d{0,3})?"
    private static let character = "(?:\\w|%[\\da-fA-F]{2})"

    /// The part of a mail address before the `@`.
    ///
    /// Source: RFC 5321, 4.1.2.
    static let mailbox = compile(
        "^(?:\(word)(?:\\.\(word))*|\"(?:[ !#-\\[\\]-~]|\\\\[ -~])*\")$"
    )
    private static let word = "[\\w!#$%&'*+/=?^`{|}~-]+"

    // MARK: - Parts of a URI; source: RFC 3986, appendix A

    static let scheme = compile("^[A-Za-z][A-Za-z\\d+.-]*$")
    static let userInformation = compile("^(?:\(uriCharacter)|:)*$")
    static let registeredName = compile("^\(uriCharacter)*$")
    static let futureAddress = compile("^[vV][\\da-fA-F]+\\.[\\w.~!$&'()*+,;=:-]+$")
    static let port = compile("^\\d*$")
    static let path = compile("^(?:\(uriCharacter)|[:@/])*$")
    static let query = compile("^(?:\(uriCharacter)|[:@/?])*$")
    private static let uriCharacter = "(?:[\\w.~!$&'()*+,;=-]|%[\\da-fA-F]{2})"

    private static func compile(_ source: String) -> Pattern {
        do throws(PatternError) {
            return try Pattern(source)
        } catch {
            preconditionFailure("a built-in regular expression \(error.reason) at \(error.offset): \(source)")
        }
    }
}
