import Crypto
import JSON

/// A skill of the demo server: a directory of files, one of them `SKILL.md`.
struct DemoSkill {
    /// The URI of the directory.
    var root: String
    var frontmatter: JSONObject
    /// The files by their paths in the directory.
    var files: [(path: String, mimeType: String, text: String)]
    /// Whether the content differs with each read, so that no digests are published.
    var isDynamic = false

    var uri: String { "\(root)/SKILL.md" }

    /// Both skills of the demo server.
    static func all(breaking faults: Set<Fault>) -> [DemoSkill] {
        let report = DemoSkill(
            root: faults.contains(.skillName) ? "skill://demo/forecasts" : "skill://demo/weather-report",
            frontmatter: [
                "name": "weather-report", "description": "Write a short weather report for a city.", "license": "MIT",
                "metadata": ["version": "1.0", "tools": ["weather"]],
            ],
            files: [
                ("SKILL.md", faults.contains(.skillMIMEType) ? "text/plain" : "text/markdown", weatherReport),
                ("references/units.md", "text/markdown", "# Units\n\nTemperatures are in degrees Celsius.\n"),
                ("references/regional/coast.md", "text/markdown", "# Coast\n\nName the wind first.\n"),
            ]
        )
        let name = faults.contains(.skillNames) ? "weather-report" : "daily-summary"
        let summary = DemoSkill(
            root: "skill://\(name)",
            frontmatter: ["name": .string(name), "description": "Summarize what the demo server did today."],
            files: [
                (
                    "SKILL.md", "text/markdown",
                    "---\nname: \(name)\ndescription: Summarize what the demo server did today.\n---\n\n# Daily summary\n"
                )
            ],
            isDynamic: true
        )
        return [report, summary]
    }

    private static let weatherReport = """
        ---
        name: weather-report
        description: Write a short weather report for a city.
        license: MIT
        metadata:
          version: "1.0"
          tools:
            - weather
        ---

        # Weather report

        Call the tool `weather` for the city. Then write one sentence with the conditions and the temperature, in the units
        of `references/units.md`.

        """

    // MARK: - The entry

    /// The entry of the skill, with the active faults.
    func entry(breaking faults: Set<Fault>) -> JSONObject {
        var frontmatter = frontmatter
        if faults.contains(.skillFrontmatter) {
            frontmatter["description"] = "Do something else."
            frontmatter["license"] = nil
        }
        return [
            "uri": .string(uri), "frontmatter": .object(frontmatter),
            "resources": isDynamic ? "dynamic" : .array(resources(breaking: faults)),
        ]
    }

    private func resources(breaking faults: Set<Fault>) -> [JSONValue] {
        var resources = files.map { file in
            let bytes = Array(file.text.utf8)
            let text = faults.contains(.skillDigest) ? bytes + [0] : bytes
            return JSONValue.object([
                "uri": .string("\(root)/\(file.path)"), "digest": .string(Self.digest(of: text)),
                "size": JSONValue(bytes.count + (faults.contains(.skillSize) ? 1 : 0)),
            ])
        }
        if faults.contains(.skillIncomplete) { resources.removeLast() }
        if faults.contains(.skillResources) {
            resources[0] = resources[1]
            resources.append(["uri": "demo://welcome", "digest": .string(Self.digest(of: [])), "size": 0])
        }
        if faults.contains(.skillLimits) {
            for number in 0..<512 {
                resources.append([
                    "uri": .string("\(root)/data/\(number).bin"), "digest": .string(Self.digest(of: [])),
                    "size": 100_000,
                ])
            }
        }
        return resources
    }

    private static func digest(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return "sha256:" + String(SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    // MARK: - Directories

    /// The direct children of a directory; nil if the URI is not a directory of this skill.
    func children(of uri: String, breaking faults: Set<Fault>) -> [JSONValue]? {
        guard uri == root || uri.hasPrefix(root + "/") else { return nil }
        let prefix = uri == root ? "" : uri.dropFirst(root.count + 1) + "/"
        var seen: Set<String> = []
        var children: [JSONValue] = []
        let isRecursive = faults.contains(.skillDirectory)
        for file in files where file.path.hasPrefix(prefix) {
            let rest = file.path.dropFirst(prefix.count)
            let name = isRecursive ? String(rest) : String(rest.prefix { $0 != "/" })
            guard seen.insert(name).inserted else { continue }
            let isFile = name.count == rest.count
            children.append([
                "uri": .string("\(uri)/\(name)"), "name": .string(name),
                "mimeType": .string(isFile ? file.mimeType : "inode/directory"),
            ])
        }
        if children.isEmpty, isRecursive, files.contains(where: { "\(root)/\($0.path)" == uri }) { return [] }
        return children.isEmpty ? nil : children
    }
}
