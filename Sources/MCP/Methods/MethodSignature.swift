/// A method with the types of its parameters and its result, so that callers and handlers agree at compile time.
public struct MethodSignature<Params: JSONObjectView, Result: ResultView>: Sendable {
    /// The method's name.
    public let method: Method

    /// Creates a signature, also for methods that this library does not know.
    public init(_ method: Method) {
        self.method = method
    }
}

/// A notification with the type of its parameters.
public struct NotificationSignature<Params: JSONObjectView>: Sendable {
    /// The notification's name.
    public let name: NotificationName

    /// Creates a signature, also for notifications that this library does not know.
    public init(_ name: NotificationName) {
        self.name = name
    }
}
