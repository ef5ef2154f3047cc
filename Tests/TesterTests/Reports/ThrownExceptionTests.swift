import Testing

@testable import Tester

/// The exception in a server's standard error, with the user's own line.
struct ThrownExceptionTests {
    /// An exception in the user's code, and the one in which a library wraps it.
    private static let chained = """
        Traceback (most recent call last):
          File "/v/lib/python3.11/site-packages/mcp/base.py", line 179, in run
            result = await fn()
                     ^^^^^^^^^^
          File "/home/me/server.py", line 10, in average
            return inner(values)
          File "/home/me/server.py", line 7, in inner
            return sum(values)/len(values)
        ZeroDivisionError: division by zero

        The above exception was the direct cause of the following exception:

        Traceback (most recent call last):
          File "/v/lib/python3.11/site-packages/mcp/server.py", line 442, in _handle
            raise UnexpectedToolError("Error executing tool average") from exc
        mcp.server.exceptions.UnexpectedToolError: Error executing tool average
        """

    @Test("a plain traceback names the innermost line outside of libraries")
    func aPlainTraceback() {
        let text = "Tool 'average' raised an unexpected exception\n\(Self.chained)"
        #expect(summary(text) == "ZeroDivisionError: division by zero at server.py:7")
    }

    @Test("a traceback in a box of Rich is read through its drawing")
    func aBoxedTraceback() {
        let text = """
            [11/29/26 13:00:41] Error calling tool 'average'                                
                                ╭─────────── Traceback (most recent call last) ────────────╮
                                │ /work/env/lib/python3.11/site-pac │
                                │ kages/fastmcp/server/server.py:1390 in call_tool         │
                                │                                                          │
                                │                 ... 7 frames hidden ...                  │
                                │                                                          │
                                │ /home/me/a/very/long/path/ser │
                                │ ver.py:6 in average                              │
                                │                                                          │
                                │ ❱  6 │   return sum(values)/len(values)                  │
                                ╰──────────────────────────────────────────────────────────╯
                                ZeroDivisionError: division by zero                         
            """
        #expect(summary(text) == "ZeroDivisionError: division by zero at server.py:6")
    }

    @Test("a mistake in the program's own file has no traceback, but a place")
    func aSyntaxError() {
        let python = """
            INFO starting
              File "/home/me/server.py", line 37
                def forecast(city)
                                  ^
            SyntaxError: expected ':'
            """
        #expect(summary(python) == "SyntaxError: expected ':' at server.py:37")
        #expect(ThrownException.linesOutside(python.split(separator: "\n").map(String.init)) == ["INFO starting"])
        let indentation = """
              File "/home/me/server.py", line 4
                return 1
            IndentationError: unexpected indent
            """
        #expect(summary(indentation) == "IndentationError: unexpected indent at server.py:4")
        let imported = """
            Traceback (most recent call last):
              File "/home/me/server.py", line 1, in <module>
                import tools
              File "/home/me/tools.py", line 2
                x = = 1
                    ^
            SyntaxError: invalid syntax
            """
        #expect(summary(imported) == "SyntaxError: invalid syntax at tools.py:2")
        let node = """
            file:///home/me/server.mjs:3
            const = 5;
                  ^

            SyntaxError: Unexpected token '='
                at compileSourceTextModule (node:internal/modules/esm/utils:346:16)
                at ModuleLoader.moduleStrategy (node:internal/modules/esm/translators:107:18)
            """
        #expect(summary(node) == "SyntaxError: Unexpected token '=' at server.mjs:3")
    }

    @Test("a hint to documentation is never the cause")
    func aValidationError() {
        let text = """
            Traceback (most recent call last):
              File "/home/me/server.py", line 12, in load
                Settings(**values)
            pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings
            port
              Input should be a valid integer [type=int_parsing, input_value='x', input_type=str]
                For further information visit https://errors.pydantic.dev/2.14/v/int_parsing
            """
        let found = summary(text)
        #expect(found == "ValidationError: 1 validation error for Settings at server.py:12", "\(found ?? "")")
        #expect(summary("    For further information visit https://errors.pydantic.dev/2.14/v/missing") == nil)
        #expect(summary("Field required [type=missing, input_value={}]\nINFO: ready") == nil)
    }

    @Test("an exception that a library wrapped is named by its cause, not by the wrapper")
    func aWrappedException() {
        let text = """
            Traceback (most recent call last):
              File "/v/lib/python3.11/site-packages/mcp/func.py", line 70, in validate
                return model(value)
            pydantic_core.ValidationError: 2 validation errors for Note
              id
                Field required

            The above exception was the direct cause of the following exception:

            Traceback (most recent call last):
              File "/v/lib/python3.11/site-packages/mcp/server.py", line 442, in _handle
                raise UnexpectedToolError("Error executing tool get_note") from exc
            mcp.server.exceptions.UnexpectedToolError: Error executing tool get_note
            """
        #expect(summary(text)?.hasPrefix("ValidationError: 2 validation errors for Note") == true)
    }

    @Test("a stack trace of Node")
    func aStackTraceOfNode() {
        let text = """
            /home/me/server.js:3
            throw new TypeError("bad")
            ^

            TypeError: bad
                at Module._compile (node:internal/modules/cjs/loader:1376:14)
                at average (/home/me/node_modules/x/index.js:9:1)
                at Object.<anonymous> (/home/me/server.js:3:7)
            """
        #expect(summary(text) == "TypeError: bad at server.js:3")
    }

    @Test("an exception group names the exception inside")
    func anExceptionGroup() {
        let text = """
              + Exception Group Traceback (most recent call last):
              |   File "/home/me/server.py", line 30, in <module>
              |     mcp.run()
              | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
              +-+---------------- 1 ----------------
                | Traceback (most recent call last):
                |   File "/home/me/server.py", line 8, in start
                |     raise RuntimeError("no database")
                | RuntimeError: no database
                +------------------------------------
            """
        #expect(summary(text) == "RuntimeError: no database at server.py:8")
    }

    @Test("lines outside of exceptions stay, however the exceptions are written")
    func linesOutsideOfExceptions() {
        #expect(outside("started\n\(Self.chained)\nclosed 12 files") == ["started", "closed 12 files"])
        let boxed = """
            [11/29/26 13:00:41] Error calling tool 'average'
                                ╭─────────── Traceback (most recent call last) ────────────╮
                                │ /home/me/server.py:6 in average                          │
                                ╰──────────────────────────────────────────────────────────╯
                                ZeroDivisionError: division by zero
            ready
            """
        #expect(outside(boxed) == ["[11/29/26 13:00:41] Error calling tool 'average'", "ready"])
        let node = "listening\nTypeError: bad\n    at f (/home/me/server.js:3:7)\n    at node:internal/x:1:1\nbye"
        #expect(outside(node) == ["listening", "bye"])
        #expect(outside("no\n\nexception") == ["no", "", "exception"])
    }

    private func outside(_ text: String) -> [String] {
        ThrownException.linesOutside(lines(of: text))
    }

    private func summary(_ text: String) -> String? {
        ThrownException(inStandardError: lines(of: text))?.summary
    }

    private func lines(of text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
