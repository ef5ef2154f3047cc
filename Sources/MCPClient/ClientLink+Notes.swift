public import MCPTransport

extension ClientLink {
    /// Takes what the transport saw beside frames: what breaks its rules is observed.
    public func noted(_ note: TransportNote) {
        switch note {
        case .fault(let fault, let request, let evidence):
            observations.note(.transportFault(fault, request: request, evidence: evidence), frame: nil)
        case .event, .standardError: break
        }
    }
}
