/// Dates and times.
///
/// Source: RFC 3339, 5.6.
enum DateFormats {
    static func isDateTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count > 11, bytes[10] | 0x20 == UInt8(ascii: "t") else { return false }
        return isDate(bytes[..<10]) && isTime(bytes[11...])
    }

    static func isDate(_ text: String) -> Bool {
        isDate(Array(text.utf8)[...])
    }

    static func isTime(_ text: String) -> Bool {
        isTime(Array(text.utf8)[...])
    }

    private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        guard let year = number(of: 4, in: &rest), take("-", from: &rest), let month = number(of: 2, in: &rest),
            take("-", from: &rest), let day = number(of: 2, in: &rest), rest.isEmpty, (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        return (1...days).contains(day)
    }

    private static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        guard let hour = number(of: 2, in: &rest), take(":", from: &rest), let minute = number(of: 2, in: &rest),
            take(":", from: &rest), let second = number(of: 2, in: &rest), hour < 24, minute < 60, second <= 60
        else { return false }
        if take(".", from: &rest) {
            let digits = rest.prefix { (0x30...0x39).contains($0) }.count
            guard digits > 0 else { return false }
            rest = rest.dropFirst(digits)
        }
        guard let offset = offset(&rest), rest.isEmpty else { return false }
        // A leap second is the last one of a day in UTC.
        return second < 60 || (hour * 60 + minute - offset + 2 * 1440) % 1440 == 1439
    }

    /// Reads the offset from UTC in minutes.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int? {
        if take("Z", from: &rest) || take("z", from: &rest) { return 0 }
        let isNegative = take("-", from: &rest)
        guard isNegative || take("+", from: &rest), let hours = number(of: 2, in: &rest), take(":", from: &rest),
            let minutes = number(of: 2, in: &rest), hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isNegative ? -1 : 1)
    }

    private static func number(of digits: Int, in rest: inout ArraySlice<UInt8>) -> Int? {
        let part = rest.prefix(digits)
        guard part.count == digits, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(digits)
        return part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func take(_ mark: Unicode.Scalar, from rest: inout ArraySlice<UInt8>) -> Bool {
        guard let byte = rest.first, UInt32(byte) == mark.value else { return false }
        rest = rest.dropFirst()
        return true
    }
}
