import ArgumentParser

/// Where the settings of this program come from.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read all settings from this file. Without it, .env is read for log level, timeouts and the model only.",
            valueName: "file"
        )
    )
    var envFile: String?

    var source: Environment.Source { envFile.map { .file($0) } ?? .workingDirectory }
}
