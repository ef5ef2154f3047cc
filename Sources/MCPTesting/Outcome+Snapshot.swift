import JSON
import Platform
public import Testing

extension Outcome {
    /// Expects that the answer is the one in a file beside the test: `__Snapshots__/<file of the test>/<name>.json`.
    ///
    /// The file is written only if the environment has `MCP_TEST_UPDATE_SNAPSHOTS=1`.
    ///
    /// - Parameters:
    ///   - name: The name of the file, which must be unique in the file of the test (default: from the label).
    ///   - ignored: Places in ``json`` that differ in every run, as JSON Pointers.
    @discardableResult
    public func expectSnapshot(
        named name: String? = nil,
        ignoring ignored: [String] = [],
        filePath: String = #filePath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Outcome {
        let snapshot = Snapshot(of: self, named: name ?? fileName, beside: filePath)
        do throws(Snapshot.Fault) {
            if let problem = try snapshot.problem(ignoring: ignored) { record(problem, sourceLocation) }
        } catch {
            record(error.message, sourceLocation)
        }
        return self
    }
}

/// An answer of a server in a file.
struct Snapshot {
    struct Fault: Error { let message: String }

    static let updateVariable = "MCP_TEST_UPDATE_SNAPSHOTS"

    let content: JSONValue
    let folder: String
    let path: String

    init(of outcome: Outcome, named name: String, beside testFile: String) {
        var object: JSONObject = [:]
        if outcome.isError { object["isError"] = true }
        if let json = outcome.json { object["json"] = json } else { object["text"] = .string(outcome.text) }
        content = .object(object)
        let parts = testFile.split(separator: "/")
        let file = parts.last.map { $0.hasSuffix(".swift") ? $0.dropLast(6) : $0 } ?? ""
        folder = "/" + (parts.dropLast() + ["__Snapshots__", file]).joined(separator: "/")
        path = "\(folder)/\(name).json"
    }

    /// How the answer differs from the file; nil if it does not.
    func problem(ignoring ignored: [String]) throws(Fault) -> String? {
        let pointers = try ignored.map { (text) throws(Fault) in
            guard let pointer = JSONPointer("/json" + text), text.hasPrefix("/") else {
                throw Fault(message: "\"\(text)\" is not a JSON Pointer: it begins with \"/\"")
            }
            return pointer
        }
        let present = pointers.reduce(content) { $0.replacing($1.tokens[...], with: "‹ignored›") }
        if getenv(Self.updateVariable).map({ String(cString: $0) }) == "1" {
            try write(present.prettyPrinted + "\n")
            return nil
        }
        guard let saved = try read() else {
            return "there is no snapshot \(path). Run the test with \(Self.updateVariable)=1 to write it."
        }
        if saved == present { return nil }
        return "expected the snapshot \(path): \(saved), got \(present). If this is right, run the test with "
            + "\(Self.updateVariable)=1."
    }

    private func read() throws(Fault) -> JSONValue? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw Fault(message: "the snapshot \(path) is not valid JSON: \(error)")
        }
    }

    private func write(_ text: String) throws(Fault) {
        var directory = ""
        for part in folder.split(separator: "/") {
            directory += "/\(part)"
            _ = mkdir(directory, 0o755)
        }
        // In place of the old file only once it is whole.
        let draft = "\(path).\(getpid()).new"
        guard let file = fopen(draft, "w") else { throw unwritable() }
        let bytes = Array(text.utf8)
        let count = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, count == bytes.count, rename(draft, path) == 0 else {
            let fault = unwritable()
            unlink(draft)
            throw fault
        }
    }

    private func unwritable() -> Fault {
        Fault(message: "the snapshot \(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}

extension JSONValue {
    /// The value with another one at a place, if there is one.
    fileprivate func replacing(_ tokens: ArraySlice<String>, with other: JSONValue) -> JSONValue {
        guard let token = tokens.first else { return other }
        let rest = tokens.dropFirst()
        switch self {
        case .object(var object):
            guard let member = object[token] else { return self }
            object[token] = member.replacing(rest, with: other)
            return .object(object)
        case .array(var array):
            guard let index = Int(token), array.indices.contains(index) else { return self }
            array[index] = array[index].replacing(rest, with: other)
            return .array(array)
        default: return self
        }
    }
}
