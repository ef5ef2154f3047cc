import AsyncRuntime
public import MCPTransport

extension ClientLink {
    /// Adds what the transport reports beside frames to the events.
    public func noted(_ note: TransportNote) {
        let time = began.duration(to: scheduler.now)
        switch note {
        case .standardError(let line): events.add(.standardError(line), at: time)
        case .event(let text): events.add(.note(text), at: time)
        case .fault(let fault, let request, let evidence):
            let kind = Observations.Kind.transportFault(fault, request: request, evidence: evidence)
            events.add(.noticed(kind), at: time, exchange: request)
        }
    }
}
