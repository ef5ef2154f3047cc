import JSON
import Logging
import Tester

/// Writes log messages as JSON lines: timestamp, level, logger, message, then the fields.
struct JSONLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    private let label: String
    private let clock: any TesterClock
    private let secrets: SecretStore
    private let write: @Sendable (String) -> Void

    init(
        label: String,
        level: Logger.Level,
        clock: any TesterClock,
        secrets: SecretStore = SecretStore(),
        write: @escaping @Sendable (_ line: String) -> Void
    ) {
        self.label = label
        logLevel = level
        self.clock = clock
        self.secrets = secrets
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line: JSONObject = [
            "timestamp": .string(clock.timestamp),
            "level": .string(event.level.rawValue.uppercased()),
            "logger": .string(label),
            "message": .string(event.message.description),
        ]
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        // A field never replaces a member that every line has.
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) where line[key] == nil {
            line[key] = Self.json(value)
        }
        write("\(secrets.redactor.redact(JSONValue.object(line)))\n")
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value):
            (value as? Double).flatMap(JSONNumber.init).map(JSONValue.number) ?? .string(value.description)
        case .array(let values): .array(values.map(json))
        case .dictionary(let fields):
            .object(JSONObject(fields.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: json($0.value)) }))
        }
    }
}
