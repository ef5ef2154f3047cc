import JSON
import MCPHTTP
import MCPHTTPClient
import Testing

@testable import Tester

@Suite struct RedactorTests {
    @Test(arguments: [
        ("got abcdef", "got ‹redacted:token›"), ("abcdefabcdef", "‹redacted:token›‹redacted:token›"),
        ("abcde", "abcde"),
        ("xabcdefx", "x‹redacted:token›x"), ("", ""), ("no secret", "no secret"),
    ])
    func aSecretIsReplacedWhereverItOccurs(_ text: String, _ expected: String) {
        #expect(Redactor([Secret("abcdef", .token)]).redact(text) == expected)
    }

    @Test func withoutSecretsNothingChanges() throws {
        let text = try JSONText(Array(#"{"a":"b"}"#.utf8))
        #expect(Redactor().isEmpty)
        #expect(Redactor().redact("text") == "text")
        #expect(Redactor().redact(text).description == text.description)
    }

    @Test(arguments: ["a", "abc", "true", "NONE", ""])
    func shortAndCommonValuesAreNotLookedFor(_ value: String) {
        #expect(Redactor([Secret(value, .env)]).isEmpty)
    }

    @Test func ofTwoSecretsTheLongerOneIsReplacedFirst() {
        let redactor = Redactor([Secret("abcd", .env), Secret("abcdefgh", .header)])
        #expect(redactor.redact("abcdefgh abcd") == "‹redacted:header› ‹redacted:env›")
    }

    @Test func aSecretIsFoundInItsEscapedForms() throws {
        let redactor = Redactor([Secret("a\"b/c d\né", .password)])
        #expect(
            redactor.redact(#"say \"a\\\"b"# + "a%22b%2Fc%20d%0A%C3%A9") == #"say \"a\\\"b"# + "‹redacted:password›"
        )
        for text in [#"["a\"b/c d\né"]"#, #"["a\u0022b\/c\u0020d\n\u00e9"]"#] {
            #expect(redactor.redact(try JSONText(Array(text.utf8))).description == #"["‹redacted:password›"]"#)
        }
        // JSON within a string of JSON.
        let inner = JSONValue.object(["p": "a\"b/c d\né"]).description
        let outer = JSONText(.array([.string(inner)]))
        #expect(!redactor.redact(outer).description.contains("b/c"))
    }

    @Test func jsonStaysValidAndKeepsItsNumbersAndShortKeys() throws {
        let redactor = Redactor([Secret("12345678", .env), Secret("text", .env), Secret("long-secret-key", .env)])
        let text = try JSONText(Array(#"{"text": 12345678, "a": ["x 12345678", "text"], "long-secret-key": 1}"#.utf8))
        let redacted = redactor.redact(text)
        #expect(
            redacted.value() == ["text": 12345678, "a": ["x ‹redacted:env›", "‹redacted:env›"], "‹redacted:env›": 1]
        )
        #expect(redactor.redact(text.value()) == redacted.value())
    }

    @Test(arguments: [
        ("GITHUB_TOKEN", true), ("API_KEY", true), ("OPENAI_APIKEY", true), ("DB_PASSWORD", true),
        ("AWS_SECRET_ACCESS_KEY", true),
        ("NPM_CONFIG_AUTH", true), ("GH_PAT", true), ("MYSQL_PWD", true), ("SESSION_COOKIE", true),
        ("clientSecret", true),
        ("PWD", false), ("PATH", false), ("KEYBOARD", false), ("KEY", false), ("HOME", false), ("TERM_PROGRAM", false),
        ("LANG", false), ("XDG_SESSION_ID", false), ("PATCH", false),
    ])
    func variablesWithSecretsAreKnownByTheirNames(_ name: String, _ isSecret: Bool) {
        #expect(SecretNames.isSecret(variable: name) == isSecret)
    }

    @Test(arguments: [
        ("password", true), ("apiKey", true), ("--api-key", true), ("access_token", true), ("token", true),
        ("clientSecret", true),
        ("key", false), ("page_token", false), ("next_token", false), ("code", false), ("tokens", false),
        ("author", false),
        ("max_tokens", false), ("passenger", false),
    ])
    func argumentsWithSecretsAreKnownByTheirNames(_ name: String, _ isSecret: Bool) {
        #expect(SecretNames.isSecret(argument: name) == isSecret)
    }

    @Test(arguments: [
        (["--api-key", "s3cret"], ["--api-key", "‹redacted:argument›"]),
        (["--api-key=s3cret"], ["--api-key=‹redacted:argument›"]),
        (["GITHUB_TOKEN=s3cret"], ["GITHUB_TOKEN=‹redacted:argument›"]),
        (["--token", "--verbose"], ["--token", "--verbose"]),
        (["-e", "API_KEY"], ["-e", "API_KEY"]),
        (["--header", "X-A: s3cret-header"], ["--header", "X-A: ‹redacted:header›"]),
        (["Authorization: Bearer s3cret"], ["Authorization: ‹redacted:header›"]),
        (
            ["https://me:s3cret@h/p?access_token=s3cret2&a=1"],
            ["https://me:‹redacted:password›@h/p?access_token=‹redacted:query›&a=1"]
        ),
        (["postgres://u:s3cret@db/x"], ["postgres://u:‹redacted:password›@db/x"]),
        (["run", "server.py"], ["run", "server.py"]),
    ])
    func argumentsOfProgramsAreShownWithoutSecrets(_ arguments: [String], _ shown: [String]) {
        let found = ArgumentSecrets(arguments)
        #expect(found.shown == shown)
        #expect(found.secrets.isEmpty == (shown == arguments))
    }

    @Test func secretsOfCallsAreThoseWithSecretNames() throws {
        let arguments = try JSONText(
            Array(
                #"{"user":"me","password":"hunter2","auth":{"token":["t0ken"]},"page_token":"p","max_tokens":"5"}"#.utf8
            )
        )
        #expect(Secret.inArguments(arguments).map(\.value) == ["hunter2", "t0ken"])
        #expect(Secret.inArguments(JSONText(["city": "Lisbon"])).isEmpty)
    }

    @Test func secretsOfATargetAreThoseOfHeadersURLsVariablesAndArguments() throws {
        var http = try Target(
            .init(url: "https://u:pa%20ss@h/mcp?api_key=quer&x=1", headers: [.init("X-Key", "header-1")])
        )
        #expect(Set(http.secrets.map(\.value)).isSuperset(of: ["pa%20ss", "pa ss", "quer", "header-1"]))
        http.authorize(bearer: "tok-123")
        #expect(http.secrets.contains(Secret("tok-123", .token)))
        let process = Target(
            command: "x",
            arguments: ["--token", "arg-1"],
            environment: ["A_TOKEN": "env-1", "LEVEL": "debug"]
        )
        #expect(Set(process.secrets.map(\.value)) == ["arg-1", "env-1"])
        #expect(!process.name.contains("arg-1") && !"\(process.json)".contains("arg-1"))
    }

    @Test func aReportShowsNoSecretWhateverPartItIsIn() throws {
        var failure = Failure(
            .transport,
            .connectionFailed,
            "refused s3cret",
            nextStep: "try s3cret",
            details: ["d": "s3cret"],
            evidence: ["e": ["s3cret"]],
            targetSaid: [("target_error", try JSONText(Array(#"{"message":"s3cret"}"#.utf8)))]
        )
        failure.outcome = .fail
        var report = Report(failure, emptyPayload: ("p", "s3cret"), context: " s3cret")
        report.findings = [Finding(.crashed, "s3cret", evidence: ["x": "s3cret"])]
        report.add(
            "list",
            .list([.text(JSONText("s3cret")), .object([.init(key: "k", value: .payload(JSONText("s3cret")))])])
        )
        #expect(report.structured.description.contains("s3cret"))
        report.redactor = Redactor([Secret("s3cret", .token)])
        #expect(!report.structured.description.contains("s3cret"))
    }

    @Test func aStorePassesItsSecretsToItsParentOnly() {
        let parent = SecretStore()
        let (one, other) = (SecretStore(parent: parent), SecretStore(parent: parent))
        one.add([Secret("abcdef", .env)])
        #expect(parent.redactor.redact("abcdef") == "‹redacted:env›")
        #expect(one.redactor.redact("abcdef") == "‹redacted:env›")
        #expect(other.redactor.isEmpty)
    }
}
