import JSON
import Testing

@testable import Suites

/// Files of other tools, written in their formats.
struct ImportTests {
    private func read(_ text: String, _ options: SuiteImporter.Options = .init()) throws -> ImportedSuite {
        let imported = try SuiteImporter.read(Array(text.utf8), path: "t.yaml", options)
        let problems = SuiteText.problems(imported.text, environment: ["TOKEN": "secret"])
        #expect(problems.isEmpty, "\(problems) \(imported.text)")
        return imported
    }

    /// The text without the lines that every suite begins with.
    private func body(_ imported: ImportedSuite) -> String {
        imported.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2).joined(separator: "\n")
    }

    private func losses(_ imported: ImportedSuite) -> [String] { imported.losses.map(\.description) }

    // MARK: - mcp-rig

    private static let rig = #"""
        server:
          command: python -u
          args: [server.py, "--name", "${HOME}"]
          env: {MODE: test}
        tags: [ledger]
        after_timeout: continue
        setup:
          - call: reset
        teardown:
          - call: reset
        tests:
          - name: adds
            tags: [smoke]
            call: add
            args: {a: 2, b: 3}
            timeout_s: 0.5
            expect:
              contains: ["5", five]
              not_contains: error
              matches: "^\\d+"
              max_latency_ms: 500
              json_path: {sum: 5, items.0.name: x, nested: {a: 1}}
              schema: {type: object}
              snapshot: true
          - name: unknown user
            call: get_user
            expect: {is_error: true, matches: "(?i)not found"}
            verify:
              - call: count
                expect: {json_path: {records: 1}}
          - name: retry applies once
            call: create
            fault: disconnect
            retry: {attempts: 1}
            colour: blue
        """#

    @Test func suiteOfMCPRigIsCarriedOver() throws {
        let imported = try read(Self.rig)
        #expect(imported.origin == "mcp-rig")
        #expect(
            body(imported) == #"""
                server:
                  command: [python, "-u", server.py, "--name", "$${HOME}"]
                  env: {MODE: test}
                defaults: {tags: [ledger]}
                isolation: file
                cases:
                  - name: adds
                    tags: [smoke]
                    setup:
                      - call: reset
                    steps:
                      - call: add
                        args: {a: 2, b: 3}
                        timeout: 0.5s
                        expect:
                          latency: 500ms
                          json:
                            /sum: 5
                            /items/0/name: x
                            /nested: {equals: {a: 1}}
                          schema: {type: object}
                          snapshot: true
                          text: {all: [{contains: "5"}, {contains: five}, {none: [{contains: error}]}, {matches: "^\\d+"}]}
                  - name: unknown user
                    steps:
                      - call: get_user
                        expect:
                          is_error: true
                      - call: count
                        expect:
                          json:
                            /records: 1
                  - name: retry applies once
                    skip: "mcp-rig lost the response on purpose (fault: disconnect)"
                    steps:
                      - call: create
                    teardown:
                      - call: reset

                """#
        )
        #expect(
            losses(imported) == [
                "t.yaml:6: `after_timeout` was not carried over: a run goes on with the next case in any case.",
                "t.yaml:8: `setup` became that of the first case: it does not run if only others are selected.",
                "t.yaml:10: `teardown` became that of the last case: it does not run if only others are selected.",
                "t.yaml:24: The snapshots themselves were not carried over. Write them with: run --update",
                "t.yaml:27: `is_error: true` also accepted a protocol error. For that, write `error: true`.",
                "t.yaml:27: The regular expression was not carried over: ours have no `(?i`.",
                "t.yaml:33: `fault: disconnect` was not carried over, so the case is skipped.",
                "t.yaml:34: `retry` was not carried over: it repeats a call whose response was lost.",
                "t.yaml:35: `colour` of a test was not carried over.",
            ]
        )
    }

    @Test func variablesOfARemoteServerOfMCPRigStay() throws {
        let imported = try read(
            """
            server: {url: "https://a.example/mcp", headers: {Authorization: "Bearer ${TOKEN}"}, transport: sse}
            tests: [{name: x, call: y}]
            """
        )
        #expect(imported.text.contains("  transport: sse\n  headers: {Authorization: \"Bearer ${TOKEN}\"}\n"))
        #expect(imported.losses.isEmpty)
    }

    // MARK: - MCPSpec

    private static let collection = #"""
        schemaVersion: "1.0"
        name: Items
        description: Everything about items
        server:
          transport: stdio
          command: npx
          args: ["-y", "item-server", "{{base}}"]
        environments:
          dev: {variables: {base: /tmp}}
          staging: {variables: {base: /var}}
        defaultEnvironment: dev
        tests:
          - id: echo
            name: Echo
            tags: [smoke]
            call: echo
            with: {message: "Hello {{base}}"}
            assertions:
              - type: schema
              - {type: exists, path: $.content}
              - {type: contains, path: "$.content[0].text", value: Hello}
              - {type: latency, maxMs: 5000}
              - {type: expression, expr: "a > 1"}
          - id: create
            name: Create
            timeout: 5000
            retries: 2
            call: create_item
            with: {name: x}
            extract: [{name: itemId, path: $.id}]
          - name: Get
            tool: get_item
            input: {id: "{{itemId}}"}
            expect:
              - equals: ["$.name", x]
              - exists: $.id
              - matches: ["$.name", "^x$"]
          - name: Missing
            call: get_item
            with: {id: nope}
            expectError: true
          - name: Many
            call: list
            assertions:
              - {type: length, path: $.items, operator: gte, value: 1}
              - {type: type, path: $.items, expected: array}
        """#

    @Test func collectionOfMCPSpecIsCarriedOver() throws {
        let imported = try read(Self.collection)
        #expect(imported.origin == "mcpspec")
        #expect(
            body(imported) == #"""
                # Everything about items
                name: Items
                server:
                  command: [npx, "-y", item-server, "${base}"]
                variables:
                  base: /tmp
                isolation: file
                cases:
                  - name: Echo
                    tags: [smoke]
                    steps:
                      - call: echo
                        args: {message: "Hello ${base}"}
                        expect:
                          latency: 5000ms
                          result:
                            /content: {length: {above: 0}}
                            "$.content[0].text": {contains: Hello}
                  - name: Create
                    timeout: 5000ms
                    retry: 2
                    steps:
                      - call: create_item
                        name: Create
                        args: {name: x}
                        capture: {itemId: $.id}
                      - call: get_item
                        name: Get
                        args: {id: "${case.itemId}"}
                        expect:
                          json:
                            $.name: {all: [x, {matches: "^x$"}]}
                            $.id: {exists: true}
                  - name: Missing
                    steps:
                      - call: get_item
                        args: {id: nope}
                        expect:
                          is_error: true
                  - name: Many
                    steps:
                      - call: list
                        expect:
                          json:
                            $.items: {all: [{length: {at_least: 1}}, {type: array}]}

                """#
        )
        #expect(
            losses(imported) == [
                "t.yaml:10: The environment `staging` was not carried over. Set its variables, or import with --environment.",
                "t.yaml:23: The assertion `expression` was not carried over.",
                "t.yaml:24: 2 tests from here on became the steps of one case, because they hand values on.",
                "t.yaml:27: `retries` repeated only after a lost connection; `retry` repeats every failed case.",
                "t.yaml:41: `expectError` also accepted a protocol error. For that, write `error: true`.",
            ]
        )
    }

    @Test func otherEnvironmentCanBeChosen() throws {
        var options = SuiteImporter.Options()
        options.environment = "staging"
        let imported = try read(Self.collection, options)
        #expect(imported.text.contains("variables:\n  base: /var\n"))
        #expect(losses(imported).contains { $0.contains("The environment `dev`") })
    }

    // MARK: - mcp-server-tester

    private static let tester = #"""
        tools:
          expected_tool_list: ['echo', 'add']
          tests:
            - name: 'Echoes'
              tool: echo
              params: {message: 'Hello'}
              expect:
                success: true
                result: {contains: 'Echo: Hello'}
            - name: 'Chain'
              calls:
                - tool: add
                  params: {a: 1}
                  expect:
                    success: false
                    error: {contains: 'parameter'}
                - tool: add
                  params: {a: 1, b: 2}
                  expect: {success: true, result: {equals: {structuredContent: {sum: 3}}}}
        evals:
          models: [m]
          tests:
            - {name: asks, prompt: hi}
        options: {timeout: 10000, parallel: false}
        """#

    @Test func testsOfMCPServerTesterAreCarriedOver() throws {
        var options = SuiteImporter.Options()
        options.server = "node server.js"
        let imported = try read(Self.tester, options)
        #expect(imported.origin == "mcp-server-tester")
        #expect(
            body(imported) == #"""
                server: node server.js
                defaults: {timeout: 10000ms}
                isolation: file
                cases:
                  - name: the expected tools are listed
                    steps:
                      - list: tools
                        expect:
                          names: {contains: [echo, add]}
                  - name: Echoes
                    steps:
                      - call: echo
                        args: {message: Hello}
                        expect:
                          text: {contains: "Echo: Hello"}
                  - name: Chain
                    steps:
                      - call: add
                        args: {a: 1}
                        expect:
                          is_error: true
                          text: {contains: parameter}
                      - call: add
                        args: {a: 1, b: 2}
                        expect:
                          result:
                            "": {contains: {structuredContent: {sum: 3}}}

                """#
        )
        #expect(
            losses(imported) == [
                "t.yaml:9: `contains` looked at the whole result as JSON; now it looks at its text.",
                "t.yaml:15: `success: false` also accepted a protocol error. For that, write `error: {message: {contains: …}}`.",
                "t.yaml:21: `evals` (1 tests) was not carried over: suites do not ask a model.",
                "t.yaml:24: `parallel` of `options` was not carried over.",
            ]
        )
    }

    @Test func missingServerIsNamed() throws {
        let imported = try read("tests: [{name: x, tool: y, params: {}, expect: {success: true}}]")
        #expect(
            losses(imported) == [
                "t.yaml:1: The file names no server. Write it under `server`, or import with --server."
            ]
        )
    }

    @Test(arguments: ["a: 1", "tests: []", "[1, 2]"])
    func otherFilesAreRefused(_ text: String) {
        #expect(throws: SuiteProblem.self) { try read(text) }
    }
}
