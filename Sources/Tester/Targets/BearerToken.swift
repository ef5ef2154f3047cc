/// Whether a text can be sent as a bearer token: visible ASCII without spaces.
///
/// This allows more than RFC 6750, section 2.1, because a tester must be able to send a wrong token.
package func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
}
