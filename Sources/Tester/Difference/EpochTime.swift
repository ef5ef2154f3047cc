/// Recognizes numbers that are points in time, whatever their name: seconds, milliseconds and so on since 1970.
enum EpochTime {
    /// How far from the present, in seconds: clocks differ, and a result may be saved long after its call.
    private static let tolerance = 86_400.0
    /// The usual units: how many of each are in a second.
    private static let units = [1.0, 1e3, 1e6, 1e9]

    /// The unit in which a number is a time close to the present.
    ///
    /// - Parameter now: The present, in seconds since 1970.
    /// - Returns: How many of the unit are in a second; `nil` if the number is not close to the present.
    static func unit(of number: Double, now: Int64) -> Double? {
        units.first { abs(number / $0 - Double(now)) <= tolerance }
    }

    /// Whether two different numbers are times: the new one close to the present, the old one of any day since 2001.
    static func areTimes(_ old: Double, _ new: Double, now: Int64) -> Bool {
        guard let unit = unit(of: new, now: now) else { return false }
        return (1e9...Double(now) + tolerance).contains(old / unit)
    }

    /// Whether a text has a number that is close to the present.
    static func isPart(of text: String, now: Int64) -> Bool {
        text.split { !("0"..."9").contains($0) && $0 != "." }.contains { word in
            // The number may end a sentence.
            let number = word.hasSuffix(".") ? Double(word.dropLast()) : Double(word)
            return word.utf8.count >= 10 && number.map { unit(of: $0, now: now) != nil } ?? false
        }
    }
}
