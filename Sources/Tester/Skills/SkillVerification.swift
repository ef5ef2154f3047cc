import Crypto
import JSON
import JSONRPC
import MCP
import MCPClient
import TextUtilities

/// Reads the files of one skill and checks them against its entry.
struct SkillVerification {
    let requests: SkillRequests
    let entry: SkillEntry
    private(set) var findings: [Finding] = []
    /// One object per file: `uri`, `size`, `mimeType`, `verified`.
    private(set) var files: [JSONValue] = []
    /// The text of `SKILL.md`.
    private(set) var text: JSONText?

    init(_ requests: SkillRequests, _ entry: SkillEntry) {
        self.requests = requests
        self.entry = entry
    }

    /// Reads each listed file, or the `SKILL.md` alone of a dynamic skill.
    mutating func run() async throws(CallError) {
        guard let uri = entry.uri else { return }
        let listed: [SkillEntry.File] =
            if case .listed(let listed) = entry.files { listed } else { [.init(uri: uri, digest: nil, size: nil)] }
        let isListed = if case .listed = entry.files { true } else { false }
        var read = 0
        for file in listed.prefix(SkillEntry.fileLimit) {
            guard read <= SkillEntry.byteLimit else { break }
            read += try await check(file, isListed: isListed)
        }
        if requests.readsDirectories, let root = entry.root {
            let found = try await walk(root)
            if isListed { compare(found, with: Set(listed.map(\.uri))) }
        }
    }

    // MARK: - Files

    /// - Returns: The size of the file.
    private mutating func check(_ file: SkillEntry.File, isListed: Bool) async throws(CallError) -> Int {
        let result: CallResult
        do throws(CallError) {
            result = try await requests.client.readResource(file.uri, limits: requests.limits)
        } catch {
            guard case .rejected(let refusal) = error.cause else { throw error }
            note("read", "\(file.uri) is listed but cannot be read: \(refusal)", file.uri)
            files.append(["uri": .string(file.uri), "verified": false])
            return 0
        }
        guard let item = result.result["contents"]?.elements?.first, let bytes = Self.bytes(of: item) else {
            note("read", "The contents of \(file.uri) have neither text nor Base64.", file.uri)
            files.append(["uri": .string(file.uri), "verified": false])
            return 0
        }
        var isVerified = isListed
        if isListed {
            let digest = "sha256:" + Self.hex(SHA256.hash(data: bytes))
            if file.digest != digest {
                isVerified = false
                note(
                    "digest",
                    "The digest of \(file.uri) does not match its content.",
                    file.uri,
                    ["expected": .string(file.digest ?? ""), "actual": .string(digest)]
                )
            }
            if file.size != bytes.count {
                isVerified = false
                note("size", "The size of \(file.uri) is \(bytes.count) bytes, not \(file.size ?? -1).", file.uri)
            }
        }
        if file.uri == entry.uri { checkMain(item, bytes) }
        checkMeta(item, file.uri)
        files.append([
            "uri": .string(file.uri), "size": JSONValue(bytes.count), "mimeType": item["mimeType"]?.value() ?? nil,
            "verified": isListed ? .bool(isVerified) : nil,
        ])
        return bytes.count
    }

    private static func bytes(of item: JSONText) -> [UInt8]? {
        if let text = item["text"]?.string { return Array(text.utf8) }
        return item["blob"]?.string.flatMap { Base64.decode($0.utf8) }
    }

    private static func hex(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private mutating func checkMeta(_ item: JSONText, _ uri: String) {
        for key in item["_meta"]?.value().object?.keys ?? [] where !key.contains("/") {
            note(
                "meta",
                "The _meta key \"\(key)\" should have the prefix io.modelcontextprotocol.skills/.",
                uri,
                [:],
                .usage
            )
        }
    }

    private mutating func checkMain(_ item: JSONText, _ bytes: [UInt8]) {
        let uri = entry.uri ?? ""
        let content = String(decoding: bytes, as: UTF8.self)
        text = JSONText(.string(content))
        if item["mimeType"]?.string != "text/markdown" {
            let kind = item["mimeType"]?.string ?? "missing"
            note("mime-type", "The MIME type of SKILL.md is \(kind); text/markdown is recommended.", uri, [:], .usage)
        }
        let parsed: JSONObject
        do throws(Frontmatter.Problem) {
            parsed = try Frontmatter.read(content)
        } catch {
            switch error {
            case .invalid(let reason): note("frontmatter", "SKILL.md is invalid: \(reason).", uri)
            case .unsupported(let what):
                note("frontmatter", "The frontmatter was not compared: it uses \(what).", uri, [:], .usage)
            }
            return
        }
        var options = JSONDifference.Options()
        options.recognizesVolatileValues = false
        options.comparesJSONText = false
        let given = entry.json["frontmatter"] ?? .null
        for difference in JSONDifference(from: .object(parsed), to: given, options: options).entries.prefix(20) {
            let place = difference.pointer.description
            let what =
                switch difference.kind {
                case .removed: "`frontmatter` of the entry lacks \(place), which SKILL.md has."
                case .added: "`frontmatter` of the entry has \(place), which SKILL.md lacks."
                case .changed, .reordered: "`frontmatter` of the entry differs from SKILL.md at \(place)."
                }
            note("frontmatter", what, uri, ["difference": difference.json()])
        }
    }

    // MARK: - Directories

    /// All files below a directory, by its own listing.
    private mutating func walk(_ root: String) async throws(CallError) -> Set<String> {
        var found: Set<String> = []
        var pending = [root]
        var visited: Set<String> = []
        while let uri = pending.popLast(), visited.count < SkillEntry.fileLimit {
            guard visited.insert(uri).inserted else { continue }
            let children: SkillRequests.Pages
            do throws(CallError) {
                children = try await requests.children(of: uri)
            } catch {
                guard case .rejected(let refusal) = error.cause else { throw error }
                note("directory", "The directory \(uri) cannot be read: \(refusal)", uri)
                continue
            }
            findings += children.findings
            for child in children.items {
                guard let childURI = child["uri"]?.string else { continue }
                if child["mimeType"]?.string == "inode/directory" {
                    pending.append(childURI)
                } else {
                    found.insert(childURI)
                }
            }
        }
        return found
    }

    private mutating func compare(_ found: Set<String>, with listed: Set<String>) {
        for uri in found.subtracting(listed).sorted() {
            if listed.contains(where: { $0.hasPrefix(uri + "/") }) {
                note("directory", "The child directory \(uri) does not have the MIME type inode/directory.", uri)
            } else {
                note("complete", "`resources` lacks \(uri), which the directory lists.", uri)
            }
        }
        for uri in listed.subtracting(found).sorted() where !found.contains(where: { uri.hasPrefix($0 + "/") }) {
            note("complete", "`resources` lists \(uri), which no directory lists.", uri)
        }
    }

    private mutating func note(
        _ rule: String,
        _ message: String,
        _ uri: String,
        _ facts: JSONObject = [:],
        _ failureClass: FailureClass = .protocolError
    ) {
        findings.append(.skill(rule, message, uri: uri, failureClass, facts))
    }
}
