import Testing
import TextUtilities

struct Base64Tests {
    /// Source: RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func exampleOfTheSpecificationIsEncodedAndDecoded(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded.utf8) == Array(text.utf8))
    }

    @Test func allBytesSurviveARoundTrip() {
        let bytes = (0...255).map { UInt8($0) }
        for count in 0...bytes.count {
            let part = Array(bytes[..<count])
            #expect(Base64.decode(Base64.encode(part).utf8) == part)
        }
    }

    @Test(arguments: ["Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm 9", "Z-9_", "=Zg="])
    func malformedTextIsRejected(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }

    @Test(arguments: ["Zh==", "Zm9="])
    func textWithUnusedBitsSetIsRejected(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }
}
