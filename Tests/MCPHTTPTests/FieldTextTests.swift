import MCPHTTP
import MCPTransport
import Testing
import TextUtilities

@Suite
struct FieldTextTests {
    @Test(arguments: [
        ("us-west1", "us-west1"), ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
        (" padded ", "=?base64?IHBhZGRlZCA=?="), ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
        ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="), ("", ""), ("a b", "a b"),
        ("a\tb", "=?base64?YQli?="), ("=?base64?", "=?base64?"), ("=?BASE64?eA==?=", "=?BASE64?eA==?="),
    ])
    func textIsEncodedAsSpecifiedAndDecoded(_ text: String, _ value: String) {
        #expect(FieldText.encode(text) == value)
        #expect(FieldText.decode(value) == text)
    }

    @Test(arguments: [
        "=?base64?eA?=", "=?base64?eA=?=", "=?base64?eB==?=", "=?base64?eA==eA==?=", "=?base64?e-__?=",
        "=?base64?e A=?=",
        "=?base64?/w==?=", "=?base64?====?=",
    ])
    func nonCanonicalBase64IsRejected(_ value: String) {
        #expect(FieldText.decode(value) == nil)
    }

    @Test(arguments: ["=?base64?eA==", "eA==?=", "=?Base64?eA==?=", "=?base64?="])
    func valueWithoutMarkersIsTheText(_ value: String) {
        #expect(FieldText.decode(value) == value)
    }

    @Test
    func base64RoundTripsAllBytes() {
        let bytes = (0...255).map { UInt8($0) }
        for count in 0...bytes.count {
            let piece = Array(bytes[..<count])
            #expect(Base64.decode(Base64.encode(piece).utf8) == piece)
        }
        #expect(Base64.encode(Array("foobar".utf8)) == "Zm9vYmFy")
    }
}
