import Platform

/// A system call that failed: which one, and the error number it left.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The `errno` value.
    package let code: Int32
    /// What was being done, as a phrase that follows "could not".
    package let step: String

    /// Creates an error from a code that a call returned, or from `errno` as the last failed call left it.
    package init(_ step: String, code: Int32 = errno) {
        self.code = code
        self.step = step
    }

    package var description: String {
        "could not \(step): \(reason)"
    }

    package var reason: String {
        "\(String(cString: strerror(code))) (errno \(code))"
    }
}
