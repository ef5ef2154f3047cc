import Platform

/// The first line of a script, which names its interpreter.
struct Shebang {
    let line: String
    let command: String
    let arguments: [String]

    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 2, buffer[0] == UInt8(ascii: "#"), buffer[1] == UInt8(ascii: "!") else { return nil }
        let first = buffer[2..<count].prefix { $0 != 0x0A && $0 != 0x0D }
        var words = String(decoding: first, as: UTF8.self).split(separator: " ").map(String.init)
        guard !words.isEmpty else { return nil }
        line = words.joined(separator: " ")
        // `env` only looks the name up, which we do as well; its options are kept.
        if words[0].hasSuffix("/env"), words.count > 1, !words[1].hasPrefix("-") { words.removeFirst() }
        command = words.removeFirst()
        arguments = words
    }
}
