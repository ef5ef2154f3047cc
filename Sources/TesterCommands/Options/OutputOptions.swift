import ArgumentParser

/// How an answer is shown.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the whole answer as one JSON object and nothing else.")
    var json = false

    @Flag(name: .shortAndLong, help: "Show every message on the wire on standard error, as it goes.")
    var verbose = false

    @Option(
        name: .customLong("color"),
        help: ArgumentHelp(
            "When to use colors; NO_COLOR and CLICOLOR_FORCE are heeded.",
            valueName: "auto|always|never"
        )
    )
    private var colorOption: ColorChoice = .auto

    @Flag(help: "Use no colors.")
    private var noColor = false

    /// When to use colors.
    var color: ColorChoice { noColor ? .never : colorOption }
}

extension ColorChoice: ExpressibleByArgument {}
