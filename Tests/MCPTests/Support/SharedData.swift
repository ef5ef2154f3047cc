import Foundation
import JSON

/// Data that several projects share.
///
/// It is read in place.
enum SharedData {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["MCP_TEST_SHARED"] { return URL(fileURLWithPath: path) }
        var root = URL(fileURLWithPath: #filePath)
        // Tests/MCPTests/Support/SharedData.swift
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appendingPathComponent("../shared").standardizedFileURL
    }()

    static let schemas = folder.appendingPathComponent("spec/schema")
    static let isThere = FileManager.default.fileExists(atPath: schemas.path)

    static func json(_ file: URL) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: file)))
    }
}
