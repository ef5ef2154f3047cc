import JSON

extension JSONNumber {
    /// The maximum number of digits of a divisor.
    ///
    /// Each digit of a value costs as many steps.
    static let maximumDivisorDigits = 100

    /// Whether the number is an integral multiple of the divisor: exact for numbers of any size.
    func isMultiple(of divisor: JSONNumber) -> Bool {
        if case .integer(let number) = storage, case .integer(let other) = divisor.storage, other > 0 {
            return number % other == 0
        }
        return decimal.isMultiple(of: divisor.decimal)
    }
}

extension JSONDecimal {
    fileprivate func isMultiple(of divisor: JSONDecimal) -> Bool {
        guard !digits.isEmpty else { return true }
        guard !divisor.digits.isEmpty else { return false }
        let (shift, overflow) = exponent.subtractingReportingOverflow(divisor.exponent)
        // The digits end in no zero, so that no power of ten divides them.
        guard overflow ? exponent > 0 : shift >= 0 else { return false }
        // More zeros than the divisor has factors 2 or 5 change nothing.
        let zeros = min(overflow ? .max : shift, 4 * divisor.digits.count)
        return divisor.digits.count <= 17
            ? remainder(zeros: zeros, small: divisor.digits.reduce(0) { $0 * 10 + UInt64($1) }) == 0
            : remainderIsZero(zeros: zeros, divisor: divisor.digits)
    }

    private func remainder(zeros: Int, small divisor: UInt64) -> UInt64 {
        var remainder: UInt64 = 0
        for digit in digits { remainder = (remainder * 10 + UInt64(digit)) % divisor }
        for _ in 0..<zeros { remainder = remainder * 10 % divisor }
        return remainder
    }

    /// Long division that keeps only the remainder.
    private func remainderIsZero(zeros: Int, divisor: [UInt8]) -> Bool {
        // One digit more than the divisor, because the remainder is shifted before it is reduced.
        let divisor = [0] + divisor
        var remainder = [UInt8](repeating: 0, count: divisor.count)
        for position in 0..<(digits.count + zeros) {
            remainder.removeFirst()
            remainder.append(position < digits.count ? digits[position] : 0)
            while !remainder.lexicographicallyPrecedes(divisor) { Self.subtract(divisor, from: &remainder) }
        }
        return remainder.allSatisfy { $0 == 0 }
    }

    private static func subtract(_ divisor: [UInt8], from remainder: inout [UInt8]) {
        var borrow: UInt8 = 0
        for index in remainder.indices.reversed() {
            let taken = divisor[index] + borrow
            borrow = remainder[index] < taken ? 1 : 0
            remainder[index] = remainder[index] + borrow * 10 - taken
        }
    }
}
