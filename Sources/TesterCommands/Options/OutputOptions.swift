import ArgumentParser

/// How a report is printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the whole report as one JSON object and nothing else.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print every message on the wire to standard error as it passes.")
    var verbose = false

    @Flag(help: "Show secrets that the server repeats. Ignored unless standard output is a terminal.")
    var showSecrets = false

    @Option(
        name: .customLong("color"),
        help: ArgumentHelp(
            "When to use colors. NO_COLOR and CLICOLOR_FORCE are respected.",
            valueName: "auto|always|never"
        )
    )
    private var colorOption: ColorChoice = .auto

    @Flag(help: "Never use colors.")
    private var noColor = false

    var color: ColorChoice { noColor ? .never : colorOption }
}

extension ColorChoice: ExpressibleByArgument {}
