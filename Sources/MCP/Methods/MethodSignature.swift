/// A method with the types of its parameters and result, checked at compile time.
public struct MethodSignature<Params: JSONObjectView, Result: ResultView>: Sendable {
    /// The method's name.
    public let method: Method

    /// Creates a signature.
    ///
    /// The method may be unknown to this library.
    public init(_ method: Method) {
        self.method = method
    }
}
