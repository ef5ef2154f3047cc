/// Skips text that was checked before: only finds the ends, without checking the grammar.
extension JSONScanner {
    mutating func skipChecked(in bytes: RawSpan) {
        switch bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self) {
        case UInt8(ascii: "\""): skipCheckedString(in: bytes)
        case UInt8(ascii: "{"), UInt8(ascii: "["): skipCheckedContainer(in: bytes)
        default: skipCheckedWord(in: bytes)
        }
    }

    private mutating func skipCheckedContainer(in bytes: RawSpan) {
        var depth = 0
        repeat {
            switch bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self) {
            case UInt8(ascii: "\""):
                skipCheckedString(in: bytes)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth &+= 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth &-= 1
            default: break
            }
            position &+= 1
        } while depth > 0
    }

    @inline(__always)
    private mutating func skipCheckedString(in bytes: RawSpan) {
        position &+= 1
        while true {
            skipPlainCharacters(in: bytes)
            if bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self) == UInt8(ascii: "\"") {
                position &+= 1
                return
            }
            position &+= 2
        }
    }

    private mutating func skipCheckedWord(in bytes: RawSpan) {
        while position < bytes.byteCount {
            switch bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self) {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x0A, 0x0D, 0x09: return
            default: position &+= 1
            }
        }
    }
}
