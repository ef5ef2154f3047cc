/// Creates an identifier that cannot be guessed: 128 random bits as 32 hexadecimal digits.
package func randomIdentifier() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = [generator.next(), generator.next()].map { word in
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
    return digits.joined()
}
