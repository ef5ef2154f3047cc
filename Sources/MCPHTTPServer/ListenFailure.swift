/// A server could not listen where it was told to.
public struct ListenFailure: Error, Sendable, CustomStringConvertible {
    /// The address: a name or a number.
    public var host: String
    /// The port.
    public var port: Int
    /// Why.
    public var reason: String

    /// What happened, where, and why.
    public var description: String { "cannot listen on \(HostNames.bracketed(host)):\(port): \(reason)" }
}
