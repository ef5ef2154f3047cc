/// What a person at a terminal reads who starts a server, which waits for messages that no one types by hand.
enum ServeBanner {
    static let tester = """
        \(Program.name) \(Program.version) is running as an MCP server and waits for messages on standard input.
        It is meant to be started by a host, such as a coding assistant: add it to the host's MCP configuration.
        To test a server from here, press Ctrl-C and run:
            \(Program.name) test demo            check the built-in demo server
            \(Program.name) test server.py       check your own server
            \(Program.name) --help               show all commands

        """

    static let demo = """
        The demo server is running and waits for MCP messages on standard input.
        To use it, press Ctrl-C and run:
            \(Program.name) test demo
            \(Program.name) call demo echo message=hello

        """
}
