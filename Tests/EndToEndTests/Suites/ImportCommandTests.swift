import JSON
import TestSupport
import Testing

/// `import`: a file of another tool becomes a suite that runs.
@Suite(.timeLimit(.minutes(15)))
struct ImportCommandTests {
    private static let rig = """
        server: {command: '\(Product.path)', args: [demo]}
        tests:
          - name: echoes
            call: echo
            args: {message: hello}
            timeout_s: 30
            expect: {contains: [hel, lo], not_contains: bye, matches: '^h'}
          - name: adds
            call: add
            args: {a: 2, b: 3}
            fault: drop_response
            expect: {json_path: {sum: 5}}
            verify: [{call: echo, args: {message: x}}]
        """

    @Test func importedSuiteRunsAndLossesAreNamed() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.rig, to: "rig.yaml")
        let made = try await RunningProgram.run(["import", "rig.yaml"], in: folder.path)
        #expect(made.code == 0, "\(made)")
        #expect(
            made.lines.first == "rig.yaml:11: `fault: drop_response` was not carried over, so the case is skipped.",
            "\(made)"
        )
        #expect(
            made.text.contains("PASS: wrote 2 cases from mcp-rig to rig.suite.yaml; read the line above"),
            "\(made)"
        )
        let run = try await RunningProgram.run(
            ["run"],
            environment: ["XDG_CACHE_HOME": folder.path("c")],
            in: folder.path
        )
        #expect(run.code == 0, "\(run)")
        #expect(run.lines.last?.hasPrefix("PASS: 1 passed, 1 skipped in ") == true, "\(run)")
        let again = try await RunningProgram.run(["import", "rig.yaml"], in: folder.path)
        #expect(again.code == 2 && again.errors.contains("exists and was not overwritten"), "\(again)")
    }

    @Test func collectionThatHandsValuesOnRuns() async throws {
        let folder = try TemporaryFolder()
        let collection = """
            name: Sums
            server: {transport: stdio, command: '\(Product.path)', args: [demo]}
            environments: {dev: {variables: {first: "2"}}}
            defaultEnvironment: dev
            tests:
              - {name: one, call: add, with: {a: 1, b: 2}, extract: [{name: sum, path: $.sum}]}
              - {name: two, call: add, with: {a: '{{sum}}', b: 4}, expect: [{equals: [$.sum, 7]}]}
              - {name: three, call: echo, with: {message: 'n {{first}}'}, assertions: [{type: contains, path: $.content, value: n 2}]}
              - {name: four, call: divide, with: {dividend: 1, divisor: 0}, expectError: true}
            """
        try folder.write(collection, to: "c.yaml")
        let made = try await RunningProgram.run(["import", "c.yaml", "new.suite.yaml"], in: folder.path)
        #expect(made.code == 0, "\(made)")
        let run = try await RunningProgram.run(
            ["run"],
            environment: ["XDG_CACHE_HOME": folder.path("c")],
            in: folder.path
        )
        #expect(run.code == 0, "\(run)")
        #expect(run.lines.last?.hasPrefix("PASS: 3 passed in ") == true, "\(run)")
    }

    @Test func fileOfNoKnownFormatIsRefused() async throws {
        let folder = try TemporaryFolder()
        try folder.write("services: {}\n", to: "compose.yaml")
        let run = try await RunningProgram.run(["import", "compose.yaml"], in: folder.path)
        #expect(run.code == 2, "\(run)")
        #expect(run.errors.contains("not a suite of mcp-rig, mcpspec, mcp-server-tester"), "\(run)")
    }
}
