/// Tells whether a text can be a bearer token: visible ASCII without spaces.
///
/// That is a little more than the grammar of RFC 6750, section 2.1, for a tester must be able to send a wrong one.
package func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
}
