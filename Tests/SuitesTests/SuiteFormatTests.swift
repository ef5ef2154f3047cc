import Foundation
import JSON
import JSONSchema
import MCPClient
import MCPHTTPClient
import TestSupport
import Testing

@testable import Suites

/// The format: what a suite says, and what is refused before anything runs.
struct SuiteFormatTests {
    /// A mistake is reported once, not also as what is missing because of it.
    @Test(arguments: [
        (
            "version: 1\nserver: demo\nmatrix: {protocols: [2025-06-19]}\ncases: [{name: a, steps: [{list: tools}]}]",
            "Unknown protocol"
        ),
        ("version: 1\nserver: demo\ncases: [{name: a, stesp: [{list: tools}]}]", "Did you mean `steps`?"),
        ("version: 1\nserver: demo\ncases: [{nmae: a, steps: [{list: tools}]}]", "Did you mean `name`?"),
        ("version: 1\nsever: demo\ncases: [{name: a, steps: [{list: tools}]}]", "Did you mean `server`?"),
        ("verison: 1\nserver: demo\ncases: [{name: a, steps: [{list: tools}]}]", "Did you mean `version`?"),
        ("version: 1\nserver: demo\ncaess: [{name: a, steps: [{list: tools}]}]", "Did you mean `cases`?"),
    ])
    func oneMistakeIsOneProblem(_ text: String, _ message: String) {
        let problems = SuiteText.problems(text)
        #expect(problems.count == 1 && problems[0].contains(message), "\(problems)")
    }

    static let whole = """
        # yaml-language-server: $schema=suite.schema.json
        version: 1
        name: whole
        servers:
          demo: {command: [demo, --fixtures], env: {A: "1"}, cwd: sub, protocol: legacy, connect_timeout: 5s}
          web: {url: "http://localhost:1/mcp", headers: {Authorization: "Bearer ${API_TOKEN}"}, transport: sse}
        variables: {city: Lisbon, count: 3}
        secrets: [API_TOKEN]
        defaults: {timeout: 10s, retry: 1, tags: [all]}
        client:
          roots: ["file:///a", {uri: "file:///b", name: b}]
          undeclared: [sampling]
          answers:
            - {match: {kind: elicitation, message_contains: name}, action: accept, content: {name: Ada}, optional: true}
            - {text: hello, request: {/messages/0/role: user}}
        isolation: file
        setup: [{call: reset}]
        teardown: [{call: clean}]
        cases:
          - name: everything
            server: demo
            tags: [smoke]
            timeout: 1m
            retry: 2
            repeat: 3
            expected_failure: not implemented
            steps:
              - call: weather
                args: {city: "${city}", days: 2}
                expect:
                  text: {contains: sunny}
                  json: {/days: 2, '$.list[*].name': {unordered: [a, b]}, /price: {approx: 1.5, tolerance: 0.1}}
                  result: {/content: {length: 1}}
                  is_error: false
                  schema: {type: object}
                  latency: <500ms
                  stderr: {not: {contains: Traceback}}
                  stdout: any
                  events: {in_order: [progress, {log: {/level: info}}], never: [tools_changed]}
                capture: {id: /id, all: {result: /content}, said: text}
              - read: "demo://item/${case.id}"
              - get: summarize
                args: {text: "${case.said} and ${case.id}"}
              - list: tools
                expect: {names: {contains: echo}}
              - complete: {prompt: summarize, argument: style, value: s}
                expect: {values: [short]}
              - subscribe: {resources: ["demo://x"], lists: true}
              - wait: {resource_updated: {/uri: "demo://x"}}
                timeout: 2s
              - raw: {method: tools/call, params: {name: 1}}
                expect: {error: {code: -32602, message: {matches: "^In"}}}
              - raw: {bytes: "{not json"}
                expect: {error: true}
              - raw: {notification: notifications/cancelled, params: {requestId: 99}}
              - restart: true
              - assert: {value: "${case.id}", type: [string, "null"]}
          - {name: skipped, server: web, skip: no network, steps: [{call: x}]}
        """

    @Test func everythingThatTheFormatHasIsRead() throws {
        let suite = try SuiteText.suite(Self.whole, environment: ["API_TOKEN": "secret-token"])
        #expect(suite.name == "whole")
        #expect(suite.secrets == ["secret-token"])
        #expect(suite.servers.map(\.name) == ["demo", "web"])
        #expect(suite.servers[1].headers.first?.value == "Bearer secret-token")
        let first = try #require(suite.cases.first)
        #expect(first.id == "s.suite.yaml::everything")
        #expect(first.tags == ["all", "smoke"])
        #expect(first.timeout == .seconds(60))
        #expect((first.retries, first.repeats) == (2, 3))
        #expect(first.expectedFailure == "not implemented")
        #expect(first.setup.count == 1)
        #expect(first.steps.count == 12)
        #expect(first.teardown.count == 1)
        #expect(first.client.answers.count == 2)
        #expect(first.client.answers[0].isOptional)
        #expect(first.client.undeclared == [.sampling])
        #expect(first.isolation == .perFile)
        #expect(first.steps[0].place == SourcePlace(file: "s.suite.yaml", line: 28, column: 9))
        #expect(first.steps[0].captures.map(\.name) == ["id", "all", "said"])
        #expect(first.steps.map(\.title).prefix(3) == ["call weather", "read demo://item/${case.id}", "get summarize"])
        #expect(suite.cases[1].skip == "no network")
    }

    @Test func publishedSchemaAcceptsWhatTheReaderAccepts() throws {
        let schema = try JSONSchema(try JSONValue(parsing: SuiteSchema.text))
        let file = SourceFile(path: "s", bytes: Array(Self.whole.utf8))
        let errors = schema.validate(try YAMLParser.parse(file).json).errors
        #expect(errors.isEmpty, "\(errors.map(\.message))")
    }

    @Test func publishedSchemaIsTheFileInTheDocumentation() throws {
        let file = try String(contentsOfFile: "\(packageRoot)/Documentation/suite.schema.json", encoding: .utf8)
        #expect(file == SuiteSchema.text + "\n")
    }

    @Test func publishedSchemaHasTheKeysOfTheReader() throws {
        let schema = try JSONValue(parsing: SuiteSchema.text)
        let places: [(pointer: String, keys: [String])] = [
            ("/properties", SuiteKeys.suite), ("/$defs/server/anyOf/1/properties", SuiteKeys.server),
            ("/properties/matrix/properties", SuiteKeys.matrix),
            ("/properties/defaults/properties", SuiteKeys.defaults), ("/$defs/client/properties", SuiteKeys.client),
            ("/$defs/case/properties", SuiteKeys.suiteCase),
            ("/$defs/step/properties", SuiteKeys.actions + ["args", "task"] + SuiteKeys.step),
            ("/$defs/expect/properties", SuiteKeys.expect),
            ("/$defs/expect/properties/events/properties", SuiteKeys.events),
            ("/$defs/expect/properties/snapshot/anyOf/2/properties", SuiteKeys.snapshot),
            ("/$defs/expect/properties/error/anyOf/2/properties", SuiteKeys.error),
            ("/$defs/matcher/then/properties", SuiteKeys.matchers),
        ]
        for place in places {
            let pointer = try #require(JSONPointer(place.pointer))
            let object = try #require(schema[pointer]?.object, "\(place.pointer)")
            #expect(Set(object.keys) == Set(place.keys), "\(place.pointer)")
        }
    }

    static let faults: [(steps: String, expected: String)] = [
        ("- call: x\n  expct: {}", "s.suite.yaml:7:9: Unknown key `expct` in a step. Did you mean `expect`?"),
        ("- {}", "A step needs one of: call, read, get"),
        ("- call: x\n  read: y", "A step does one thing, but this one has `call` and `read`."),
        ("- read: y\n  args: {}", "`args` belongs to `call` and `get`, not to `read`."),
        ("- call: x\n  args: [1]", "`args` must be a mapping, got a list."),
        ("- call: 5", "Expected text, got the number 5."),
        ("- list: tool", "Unknown list \"tool\". Did you mean `tools`?"),
        ("- call: x\n  arguments: {}", "s.suite.yaml:7:9: Unknown key `arguments` in a step. Did you mean `args`?"),
        ("- tool: x", "s.suite.yaml:6:9: Unknown key `tool` in a step. Did you mean `call`?"),
        ("- call: x\n  zzzzzzz: 1", "Unknown key `zzzzzzz` in a step. Use one of: call, read, get, list,"),
        ("- call: x\n  expect: {txt: hi}", "Unknown key `txt` in the expectation of `call`. Did you mean `text`?"),
        ("- call: x\n  expect: {names: [a]}", "Unknown key `names` in the expectation of `call`."),
        ("- call: x\n  expect: {text: {contain: hi}}", "Unknown matcher `contain`. Did you mean `contains`?"),
        ("- call: x\n  expect: {text: {name: hi}}", "To compare with a mapping, write `equals: {…}`."),
        ("- call: x\n  expect: {text: {matches: '('}}", "The regular expression is invalid"),
        (
            "- call: x\n  expect: {json: {a: 1}}",
            "A path starts with `/` (JSON Pointer) or `$` (JSONPath). Did you mean `/a`?"
        ),
        ("- call: x\n  expect: {json: {'$[': 1}}", "The JSONPath is invalid"),
        ("- call: x\n  expect: {schema: {type: nope}}", "The schema is invalid"),
        ("- call: x\n  expect: {error: true, text: a}", "`error` expects a protocol error, which has no result"),
        ("- call: x\n  expect: {latency: fast}", "Expected a duration such as 500ms, 2s or 1m, got the text \"fast\"."),
        (
            "- call: x\n  expect: {events: {in_order: [progres]}}",
            "Unknown notification `progres`. Did you mean `progress`?"
        ),
        ("- call: x\n  expect: {text: {length: {at_least: x}}}", "Expected a number, got the text \"x\"."),
        ("- call: x\n  expect: {text: {type: text}}", "Unknown type \"text\"."),
        ("- call: x\n  expect: {text: {tolerance: 1, equals: 2}}", "`tolerance` goes with `approx`."),
        ("- call: x\n  args: {a: \"${case.id}\"}", "No earlier step captures `id`."),
        ("- call: x\n  capture: {item: /a}\n- call: y\n  args: {a: \"${case.itm}\"}", "Did you mean `${case.item}`?"),
        ("- call: x\n  args: {a: \"${MISSING}\"}", "s.suite.yaml:7:19: The variable `MISSING` is not set."),
        ("- call: x\n  args: {a: \"${HOMEE}\"}", "The variable `HOMEE` is not set."),
        ("- call: x\n  args: {a: \"${oops\"}", "The reference is not closed by `}`."),
        ("- call: x\n  timeout: soon", "Expected a duration"),
        ("- complete: {argument: a}", "`complete` needs either `prompt` or `template`."),
        ("- subscribe: {}", "Nothing to subscribe to"),
        ("- raw: {params: {}}", "`raw` needs one of: method, notification, bytes."),
        ("- restart: false", "`restart` must be true."),
        ("- assert: {equals: 1}", "`assert` needs a `value` and a matcher"),
        ("- wait: {log: {}, progress: {}}", "Expected one notification"),
    ]

    @Test(arguments: faults)
    func faultOfAStepIsReported(_ steps: String, _ expected: String) {
        let problems = SuiteText.problems(SuiteText.withSteps(steps), environment: ["HOME": "/x"])
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    }

    static let fileFaults: [(text: String, expected: String)] = [
        (
            "version: 2\nserver: demo\ncases: [{name: a, steps: [{call: x}]}]",
            "Unknown version: expected 1, got the number 2."
        ),
        ("server: demo\ncases: [{name: a, steps: [{call: x}]}]", "Missing `version: 1`."),
        ("version: 1\ncases: [{name: a, steps: [{call: x}]}]", "Missing `server`"),
        ("version: 1\nserver: demo", "Missing `cases`"),
        ("version: 1\nserver: demo\ncases: []", "`cases` is empty."),
        ("version: 1\nserver: demo\ncases: [{name: a}]", "The case \"a\" has no `steps`."),
        ("version: 1\nserver: demo\nmatrix: {}\ncases: []", "The matrix is empty."),
        ("version: 1\nserver: demo\ncases: [{steps: [{call: x}]}]", "A case needs a `name`."),
        (
            "version: 1\nserver: demo\ncases: [{name: a, steps: [{call: x}]}, {name: a, steps: [{call: x}]}]",
            "Duplicate case name \"a\", as on line 3."
        ),
        (
            "version: 1\nservers: {one: demo, two: demo}\ncases: [{name: a, server: tow, steps: [{call: x}]}]",
            "Unknown server \"tow\". Did you mean `two`?"
        ),
        ("version: 1\nserver: {comand: x}\ncases: []", "Unknown key `comand` in a server. Did you mean `command`?"),
        ("version: 1\nserver: {command: x, url: y}\ncases: []", "`command` and `url` exclude each other."),
        ("version: 1\nserver: {command: x, protocol: new}\ncases: []", "Unknown protocol \"new\"."),
        ("version: 1\nserver: {command: 'a \"b'}\ncases: []", "The command line has a quote that is not closed."),
        ("version: 1\nserver: demo\nclient: {answers: [{optional: true}]}\ncases: []", "The answer is empty."),
        ("version: 1\nserver: demo\nisolation: all\ncases: []", "Unknown value \"all\"."),
        (
            "version: 1\nserver: demo\ncases: [{name: 5, steps: [{call: x}]}]",
            "Expected text, got the number 5. Quote it"
        ),
        ("[]", "Expected a mapping (a suite), got a list."),
    ]

    @Test(arguments: fileFaults)
    func faultOfAFileIsReported(_ text: String, _ expected: String) {
        let problems = SuiteText.problems(text)
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    }

    @Test func allFaultsOfAFileAreReportedAtOnce() {
        let problems = SuiteText.problems("version: 3\nsever: demo\ncases:\n  - {nam: x, steps: []}\n")
        #expect(problems.count >= 3, "\(problems)")
        #expect(problems.contains { $0.contains("    sever: demo\n    ^^^^^") }, "\(problems)")
    }

    @Test func referencesKeepTypesAndEscapes() throws {
        let text = SuiteText.withSteps(
            "- call: x\n  capture: {id: /id}\n- call: y\n  args: {whole: \"${case.id}\", part: \"n ${case.id}\", literal: \"$${X}\", fallback: \"${X:-d}\"}"
        )
        let step = try SuiteText.suite(text).cases[0].steps[1]
        guard case .call(_, let arguments?) = step.action else {
            Issue.record("not a call")
            return
        }
        var scope = Scope()
        scope.values = ["id": 7]
        #expect(try arguments.value(in: scope) == ["whole": 7, "part": "n 7", "literal": "${X}", "fallback": "d"])
        #expect(throws: MissingValue.self) { try arguments.value(in: Scope()) }
    }

    @Test func variablesOfTheFilePrecedeTheEnvironment() throws {
        let text = "version: 1\nserver: \"${S}\"\nvariables: {S: demo}\ncases: [{name: a, steps: [{call: x}]}]"
        let suite = try SuiteText.suite(text, environment: ["S": "other"])
        guard case .target("demo") = suite.servers[0].way else {
            Issue.record("\(suite.servers[0].way)")
            return
        }
    }

    @Test func variablesWithSecretNamesAreSecretWithoutBeingNamed() throws {
        let text =
            "version: 1\nserver: {command: x, env: {A: \"${MY_TOKEN}\", B: \"${PLAIN}\"}}\ncases: [{name: a, steps: [{call: x}]}]"
        let suite = try SuiteText.suite(text, environment: ["MY_TOKEN": "hush-hush", "PLAIN": "open"])
        #expect(suite.secrets == ["hush-hush"])
    }

    @Test func matrixRunsEveryCaseInEveryCell() throws {
        let text = """
            version: 1
            servers: {a: demo, b: demo}
            matrix: {servers: [a, b], protocols: [legacy, modern]}
            cases:
              - {name: one, skip: {modern: not yet}, expected_failure: {b: bug}, steps: [{call: x}]}
              - {name: two, server: b, steps: [{call: x}]}
            """
        let cases = try SuiteText.suite(text).cases
        #expect(
            cases.map(\.title) == [
                "one [a, legacy]", "one [a, modern]", "one [b, legacy]", "one [b, modern]", "two [legacy]",
                "two [modern]",
            ]
        )
        #expect(cases.map(\.skip) == [nil, "not yet", nil, "not yet", nil, nil])
        #expect(cases.map(\.expectedFailure) == [nil, nil, "bug", "bug", nil, nil])
        #expect(cases[1].server.era == .modern)
        let faults = SuiteText.problems(text.replacing("{modern: not yet}", with: "{moderm: no}"))
        #expect(faults.contains { $0.contains("`moderm` is not in the matrix. Did you mean `modern`?") }, "\(faults)")
    }

    @Test func combinationOfTheMatrixHasAReasonOfItsOwn() throws {
        let text = """
            version: 1
            servers: {a: demo, b: demo}
            matrix: {servers: [a, b], protocols: [legacy, modern]}
            cases:
              - {name: one, skip: {"b, modern": never, modern: not yet}, steps: [{call: x}]}
            """
        #expect(try SuiteText.suite(text).cases.map(\.skip) == [nil, "not yet", nil, "never"])
        let skip = "\"b, modern\": never, modern: not yet"
        let unquoted = SuiteText.problems(text.replacing(skip, with: "b, modern: never"))
        #expect(
            unquoted.contains {
                $0.contains("`b` has no reason. A combination is one key in quotes, such as {\"b, legacy\": reason}.")
            },
            "\(unquoted)"
        )
    }

    @Test func thousandsOfCasesAreReadCompletely() throws {
        var text = "version: 1\nserver: demo\ncases:\n"
        for number in 0..<5000 {
            text +=
                "  - name: case \(number)\n    steps:\n      - call: echo\n        args: {message: hello \(number)}\n"
            text += "        expect:\n          text: {contains: hello}\n"
        }
        #expect(try SuiteText.suite(text).cases.count == 5000)
    }
}
