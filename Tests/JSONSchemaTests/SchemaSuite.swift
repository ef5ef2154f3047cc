import Foundation
import JSON
import JSONSchema
import TestSupport
import Testing

/// The official test suite, with its remote schemas as resources.
enum SchemaSuite {
    /// A file of the suite.
    struct File: Sendable, CustomTestStringConvertible {
        let dialect: JSONSchema.Dialect
        let path: String

        var testDescription: String { "\(dialect) \(path)" }
    }

    private static func folder(of dialect: JSONSchema.Dialect) -> String {
        switch dialect {
        case .draft202012: "tests/draft2020-12"
        case .draft07: "tests/draft7"
        }
    }

    static let required: [File] = files(in: "")
    static let optional: [File] = files(in: "optional")

    private static func files(in subfolder: String) -> [File] {
        JSONSchema.Dialect.allCases.flatMap { dialect in
            let paths = jsonFiles(below: "\(folder(of: dialect))/\(subfolder)", recursively: !subfolder.isEmpty)
            return paths.map { File(dialect: dialect, path: subfolder.isEmpty ? $0 : "\(subfolder)/\($0)") }
        }
    }

    static let remotes: [String: JSONValue] = {
        var remotes: [String: JSONValue] = [:]
        for path in jsonFiles(below: "remotes", recursively: true) {
            remotes["http://localhost:1234/\(path)"] = try? json("remotes/\(path)")
        }
        return remotes
    }()

    /// The paths of the `.json` files in a folder, relative to it.
    private static func jsonFiles(below folder: String, recursively: Bool) -> [String] {
        let folder = SharedData.path("data/json-schema/\(folder)")
        let paths =
            recursively
            ? FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
            : try? FileManager.default.contentsOfDirectory(atPath: folder)
        return (paths ?? []).filter { $0.hasSuffix(".json") }.sorted()
    }

    private static func json(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: SharedData.bytes("data/json-schema/\(path)"))
    }

    /// Runs a file and returns the names of the failed tests with the actual outcome.
    static func failures(in file: File, assertsFormats: Bool) throws -> [String: String] {
        var failures: [String: String] = [:]
        for group in try json("\(folder(of: file.dialect))/\(file.path)").array ?? [] {
            let title = group["description"]?.string ?? ""
            do {
                let schema = try JSONSchema(
                    #require(group["schema"]),
                    dialect: file.dialect,
                    resources: remotes,
                    assertsFormats: assertsFormats
                )
                for test in group["tests"]?.array ?? [] {
                    let validation = try schema.validate(#require(test["data"]))
                    let isExpected = validation.exceeded == nil && validation.isValid == test["valid"]?.bool
                    guard !isExpected else { continue }
                    let name = "\(title) | \(test["description"]?.string ?? "")"
                    failures[name] = "\(validation.outcome)"
                }
            } catch {
                failures[title] = "\(error)"
            }
        }
        return failures
    }
}
