import JSON
import JSONRPC
import MCP
import MCPServer

extension DemoServer {
    /// Adds two skills, one with digests and one without.
    ///
    /// Source: extension io.modelcontextprotocol/skills (SEP-2640).
    func addSkills(to server: inout Server) {
        let skills = DemoSkill.all(breaking: faults)
        server.declare("io.modelcontextprotocol/skills", settings: ["directoryRead": true])
        addMethods(for: skills, to: &server)
        guard !faults.contains(.skillCapability) else { return }
        for skill in skills { addFiles(of: skill, to: &server) }
    }

    private func addFiles(of skill: DemoSkill, to server: inout Server) {
        for file in skill.files {
            let isMain = file.path == "SKILL.md"
            let resource = Resource(
                uri: "\(skill.root)/\(file.path)",
                name: isMain ? skill.frontmatter["name"]?.string ?? "" : file.path,
                description: isMain ? skill.frontmatter["description"]?.string : nil,
                mimeType: file.mimeType
            )
            server.add(resource, isListed: isMain) { _, request in
                .complete([ResourceContents(uri: request.uri, mimeType: file.mimeType, text: file.text)])
            }
        }
    }

    private func addMethods(for skills: [DemoSkill], to server: inout Server) {
        let faults = faults
        let hints: JSONObject = faults.contains(.skillResult) ? [:] : ["ttlMs": 60_000, "cacheScope": "public"]
        server.add("skills/list") { _, params in
            let entries = skills.map { JSONValue.object($0.entry(breaking: faults)) }
            let isSecondPage = params["cursor"] != nil
            var result: JSONObject = ["skills": .array(isSecondPage ? [entries[0]] : entries)]
            if faults.contains(.skillPaging), !isSecondPage { result["nextCursor"] = "second" }
            return JSONObject(result.members + hints.members)
        }
        server.add("skills/get") { _, params in
            let uri = params["uri"]?.string
            guard let skill = skills.first(where: { $0.uri == uri }) ?? (faults.contains(.skillEntry) ? skills[0] : nil)
            else {
                throw RPCError.invalidParams("no skill is served at \(uri ?? "this URI")")
            }
            var entry = skill.entry(breaking: faults)
            if faults.contains(.skillEntry) { entry["resources"] = .array(entry["resources"]?.array?.reversed() ?? []) }
            return JSONObject([.init(key: "skill", value: .object(entry))] + hints.members)
        }
        server.add("resources/directory/read") { _, params in
            let uri = params["uri"]?.string ?? ""
            for skill in skills {
                if let children = skill.children(of: uri, breaking: faults) { return ["resources": .array(children)] }
            }
            throw RPCError.invalidParams("\(uri) is not a directory resource")
        }
    }
}
