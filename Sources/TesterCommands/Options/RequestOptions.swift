import ArgumentParser

/// The options of the commands that send a request which can lead to input requests: `call`, `read` and `prompt`.
struct RequestOptions: ParsableArguments {
    @OptionGroup(title: "Server options")
    var target: TargetOptions

    @OptionGroup(title: "Input request options")
    var input: InputOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions
}

extension ArgumentHelp {
    /// The help of the argument that names the target, the same for all commands.
    static var target: ArgumentHelp {
        ArgumentHelp("URL or file of a server, its command in quotes, or \"demo\".", valueName: "target")
    }
}
