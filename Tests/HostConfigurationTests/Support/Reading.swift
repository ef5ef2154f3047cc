import Foundation
import HostConfiguration
import JSON
import TestSupport
import Testing

extension ConfigurationNode {
    /// The value as JSON; numbers and dates as they are written.
    var json: JSONValue {
        switch content {
        case .null: nil
        case .bool(let value): .bool(value)
        case .number(let literal): JSONNumber(literal: literal).map(JSONValue.number) ?? .string(literal)
        case .string(let text), .date(let text): .string(text)
        case .array(let elements): .array(elements.map(\.json))
        case .object(let members): .object(JSONObject(members.map { .init(key: $0.key, value: $0.value.json) }))
        }
    }
}

func read(_ text: String, as format: ConfigurationDocument.Format = .json) throws(ConfigurationError)
    -> ConfigurationDocument
{
    try ConfigurationDocument(ConfigurationText(text), format: format)
}

/// The fault of a text as `line:column message`; nil if it has none.
func fault(of text: String, as format: ConfigurationDocument.Format = .json) -> String? {
    do throws(ConfigurationError) {
        _ = try read(text, as: format)
        return nil
    } catch {
        return "\(ConfigurationText(text).place(at: error.offset)) \(error.message)"
    }
}

/// A home directory and a project with configuration files.
struct Machine {
    let folder: TemporaryFolder
    var variables: [String: String] = [:]
    var isMac = false

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("", to: "home/.profile")
        try folder.write("", to: "home/work/app/.git/config")
        try folder.write("", to: "home/work/app/src/main.py")
    }

    var home: String { folder.path("home") }
    var project: String { folder.path("home/work/app") }

    var surroundings: HostSurroundings {
        HostSurroundings(home: home, directory: "\(project)/src", isMac: isMac) { [variables] in variables[$0] }
    }

    func scan() -> HostScan { HostScan(in: surroundings) }

    func bytes(_ relative: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: folder.path(relative))))
    }

    func write(_ bytes: [UInt8], to relative: String) throws {
        try folder.write("", to: relative)
        try Data(bytes).write(to: URL(filePath: folder.path(relative)))
    }
}

/// The output of a program that has exited.
func output(
    of program: String,
    _ arguments: [String],
    environment: [String: String] = [:],
    in folder: String? = nil,
    input: String = ""
) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    let (standardInput, standardOutput) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    process.standardError = FileHandle.nullDevice
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let data = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
}

/// A host of the table.
func host(_ id: String) throws -> HostConfiguration.Host {
    try #require(HostConfiguration.Host.named(id))
}
