import Platform

/// The variables of a child as `NAME=value`, in the bytes they came in: ours, except those that are withheld or replaced.
func childEnvironment(of command: ChildProcess.Command) -> [[CChar]] {
    var result: [[CChar]] = []
    var next = processEnvironment()
    while let entry = next?.pointee {
        let bytes = Array(UnsafeBufferPointer(start: entry, count: strlen(entry) + 1))
        let nameBytes = bytes.prefix { $0 != CChar(bitPattern: UInt8(ascii: "=")) }.map { UInt8(bitPattern: $0) }
        let name = String(decoding: nameBytes, as: UTF8.self)
        if command.environment[name] == nil, !command.withheldVariables.contains(name) {
            result.append(bytes)
        }
        next = next?.successor()
    }
    for (name, value) in command.environment.sorted(by: { $0.key < $1.key }) {
        result.append(cString("\(name)=\(value)"))
    }
    return result
}

func cString(_ text: String) -> [CChar] {
    text.utf8CString.withUnsafeBufferPointer { Array($0) }
}
