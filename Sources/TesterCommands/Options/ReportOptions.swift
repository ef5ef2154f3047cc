import ArgumentParser

/// Which reports of a run are written, and where.
struct ReportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Report to write: pretty, json (a line per case), junit, tap, github, markdown, sarif or html, to a file or, \
            without one, to standard output in place of the text. Repeatable.
            """,
            valueName: "format[=file]"
        )
    )
    var report: [String] = []

    @Flag(name: .shortAndLong, help: "List only cases that did not pass.")
    var quiet = false

    @Option(name: .customLong("color"), help: ArgumentHelp("When to use colors.", valueName: "auto|always|never"))
    var color: ColorChoice = .auto
}
