import Platform

/// A system call that failed, with its error number.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The `errno` value.
    package let code: Int32
    /// What the call was for, as a phrase that follows "could not".
    package let step: String

    /// Creates an error from the code that a call returned, or from `errno`.
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
