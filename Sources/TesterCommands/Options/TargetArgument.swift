import ArgumentParser

extension ArgumentHelp {
    /// The help of the argument that names the target, the same for all commands.
    static var target: ArgumentHelp {
        ArgumentHelp("URL or file of a server, its command in quotes, or \"demo\".", valueName: "target")
    }
}
