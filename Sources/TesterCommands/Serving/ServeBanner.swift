/// What a person reads who starts a server at a terminal, where it waits for messages that nobody types by hand.
enum ServeBanner {
    static let tester = """
        \(Program.name) \(Program.version) is running as an MCP server: it waits for an assistant's messages on standard input.
        It is meant to be started by a host, such as a coding assistant: put this program into the host's MCP configuration.
        To test a server from here instead, end this with Ctrl-C and try:
            \(Program.name) test demo            connect to the built-in demo server and check it
            \(Program.name) test server.py       the same with a server of yours
            \(Program.name) --help               everything else

        """

    static let demo = """
        The demo server is running: it waits for MCP messages on standard input.
        To see it at work, end this with Ctrl-C and try:
            \(Program.name) test demo
            \(Program.name) call demo echo message=hello

        """
}
