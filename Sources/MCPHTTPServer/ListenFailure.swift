/// A server could not listen on its address.
public struct ListenFailure: Error, Sendable, CustomStringConvertible {
    /// The host name or IP address.
    public var host: String
    /// The port.
    public var port: Int
    /// The reason that the system gave.
    public var reason: String

    /// The address and the reason.
    public var description: String { "cannot listen on \(HostNames.bracketed(host)):\(port): \(reason)" }
}
