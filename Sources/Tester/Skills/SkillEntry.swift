import JSON

/// An entry of `skills/list` or the skill of `skills/get`.
///
/// Source: extension io.modelcontextprotocol/skills (SEP-2640), "Skill Entries".
struct SkillEntry {
    let json: JSONValue

    /// A file of a skill as its entry describes it.
    struct File: Hashable {
        let uri: String
        let digest: String?
        let size: Int?
    }

    /// What the entry says about its files.
    enum Files {
        case listed([File])
        case dynamic
        case invalid
    }

    var uri: String? { json["uri"]?.string }
    var name: String? { json["frontmatter"]?["name"]?.string }

    var files: Files {
        if json["resources"] == "dynamic" { return .dynamic }
        guard let array = json["resources"]?.array else { return .invalid }
        return .listed(
            array.map { File(uri: $0["uri"]?.string ?? "", digest: $0["digest"]?.string, size: $0["size"]?.int) }
        )
    }

    /// The directory of the skill: the URI of its `SKILL.md` without the last segment.
    var root: String? {
        guard let uri, uri.hasSuffix(Self.suffix) else { return nil }
        return String(uri.dropLast(Self.suffix.count))
    }

    static let suffix = "/SKILL.md"
    static let fileLimit = 512
    static let byteLimit = 16_777_216

    // MARK: - Rules

    /// The rules that the entry alone can break.
    var findings: [Finding] {
        guard json.object != nil else {
            return [.skill("entry", "An entry of the list is a \(json.typeName), not an object.", uri: nil)]
        }
        return uriFindings + frontmatterFindings + fileFindings
    }

    private func finding(_ rule: String, _ message: String, _ failureClass: FailureClass = .protocolError) -> Finding {
        .skill(rule, message, uri: uri, failureClass)
    }

    private var uriFindings: [Finding] {
        guard let uri else { return [finding("uri", "An entry has no uri.")] }
        guard let root else { return [finding("uri", "The uri \"\(uri)\" does not end with /SKILL.md.")] }
        var findings: [Finding] = []
        let segments = root.split(separator: "/", omittingEmptySubsequences: false)
        if let name, let last = segments.last, last != name[...] {
            findings.append(
                finding(
                    "path-name",
                    "The last path segment \"\(last)\" differs from the name \"\(name)\" of the skill."
                )
            )
        }
        let scheme = uri.prefix { $0 != ":" }
        if scheme != "skill" {
            findings.append(finding("scheme", "The scheme is \(scheme)://; skill:// is recommended.", .usage))
        } else if let authority = root.dropFirst("skill://".count).split(separator: "/").first,
            !authority.utf8.allSatisfy(Self.isRegName)
        {
            findings.append(
                finding("authority", "The first path segment \"\(authority)\" is not a valid reg-name.", .usage)
            )
        }
        return findings
    }

    /// RFC 3986, reg-name: unreserved, percent-encoded or a sub-delimiter.
    private static func isRegName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~%!$&'()*+,;=".utf8.contains(byte)
        }
    }

    private var frontmatterFindings: [Finding] {
        guard let frontmatter = json["frontmatter"]?.object else {
            return [finding("frontmatter", "The entry has no object `frontmatter`.")]
        }
        var findings: [Finding] = []
        if let name {
            if !Self.isName(name) {
                findings.append(
                    finding(
                        "name",
                        "The name \"\(name)\" is not 1 to 64 of a-z, 0-9 and \"-\", with no hyphen at an end and none doubled."
                    )
                )
            }
        } else {
            findings.append(finding("frontmatter", "`frontmatter` has no string `name`."))
        }
        let description = frontmatter["description"]?.string ?? ""
        if description.allSatisfy(\.isWhitespace) {
            findings.append(finding("frontmatter", "`frontmatter` has no string `description`."))
        } else if description.unicodeScalars.count > 1024 {
            findings.append(finding("frontmatter", "The description has more than 1024 characters."))
        }
        let reserved = frontmatter["metadata"]?.object?.keys.filter { $0.hasPrefix("io.modelcontextprotocol/") } ?? []
        if let key = reserved.first {
            findings.append(
                finding("metadata", "The key \"\(key)\" of `metadata` is reserved and not defined.", .usage)
            )
        }
        return findings
    }

    private static func isName(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        return isPlain && (1...64).contains(name.utf8.count) && !name.hasPrefix("-") && !name.hasSuffix("-")
            && name.firstRange(of: "--") == nil
    }

    private var fileFindings: [Finding] {
        let files: [File]
        switch self.files {
        case .dynamic: return []
        case .invalid: return [finding("resources", "`resources` is neither an array nor \"dynamic\".")]
        case .listed(let listed): files = listed
        }
        var findings: [Finding] = []
        if let uri, !files.contains(where: { $0.uri == uri }) {
            findings.append(finding("resources", "`resources` does not list the SKILL.md itself."))
        }
        var seen: Set<String> = []
        for file in files {
            if !seen.insert(file.uri).inserted {
                findings.append(finding("resources", "`resources` lists \(file.uri) twice."))
            }
            if let root, !file.uri.hasPrefix(root + "/") || file.uri.hasParentSegment {
                findings.append(finding("resources", "`resources` lists \(file.uri), which is not inside \(root)."))
            }
            if !(file.digest.map(Self.isDigest) ?? false) {
                findings.append(
                    finding("digest", "The digest of \(file.uri) is not \"sha256:\" and 64 lowercase hex digits.")
                )
            }
            if (file.size ?? -1) < 0 {
                findings.append(finding("size", "The size of \(file.uri) is not a number of bytes."))
            }
        }
        if files.count > Self.fileLimit {
            findings.append(
                finding(
                    "limits",
                    "The skill has \(files.count) files; hosts need not load more than \(Self.fileLimit).",
                    .usage
                )
            )
        }
        let bytes = files.reduce(0) { $0.addingReportingOverflow($1.size ?? 0).partialValue }
        if bytes > Self.byteLimit {
            findings.append(
                finding(
                    "limits",
                    "The skill has \(bytes) bytes; hosts need not load more than \(Self.byteLimit).",
                    .usage
                )
            )
        }
        return findings
    }

    private static func isDigest(_ text: String) -> Bool {
        text.hasPrefix("sha256:") && text.utf8.count == 71
            && text.utf8.dropFirst(7).allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
    }
}

extension String {
    fileprivate var hasParentSegment: Bool { split(separator: "/").contains { $0 == ".." || $0 == "." } }
}

extension Finding {
    /// A broken rule of the skills extension, named by `rule` in the evidence.
    static func skill(
        _ rule: String,
        _ message: String,
        uri: String?,
        _ failureClass: FailureClass = .protocolError,
        _ facts: JSONObject = [:]
    ) -> Finding {
        var evidence: JSONObject = ["rule": .string("skills/\(rule)")]
        if let uri { evidence["uri"] = .string(uri) }
        // The rules of extensions are not pages of the specification.
        return Finding(failureClass, message, evidence: JSONObject(evidence.members + facts.members)).on(nil)
    }
}
