import Platform

/// Our environment with some variables set anew, each as `NAME=value`, in the bytes it came in.
func childEnvironment(settingAnew variables: [String: String]) -> [[CChar]] {
    var result: [[CChar]] = []
    var next = processEnvironment()
    while let entry = next?.pointee {
        let bytes = Array(UnsafeBufferPointer(start: entry, count: strlen(entry) + 1))
        let name = bytes.prefix { $0 != CChar(bitPattern: UInt8(ascii: "=")) }.map { UInt8(bitPattern: $0) }
        if variables[String(decoding: name, as: UTF8.self)] == nil {
            result.append(bytes)
        }
        next = next?.successor()
    }
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
        result.append(cString("\(name)=\(value)"))
    }
    return result
}

func cString(_ text: String) -> [CChar] {
    text.utf8CString.withUnsafeBufferPointer { Array($0) }
}
