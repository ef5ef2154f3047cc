import AsyncRuntime
import JSON
import JSONRPC

/// The state of a client's request that waits for its response.
struct OpenExchange {
    /// Its progress token, if that is not its id.
    var token: RequestID?
    /// Whether the server may request input because of it.
    var canAsk = true
    /// Called with the parameters of each progress notification.
    var onProgress: ClientLink.ProgressHandler?
    /// Responds to input requests because of it, in place of the handlers of the connection.
    var onInputRequest: InputHandlers.Handler?
    /// How often the server requested input because of it.
    var rounds = 0
    /// The last reported progress.
    var lastProgress: Double?
}

/// Where and when something arrived.
struct Arrival {
    /// The number of its frame in the transcript; nil if it came in none.
    var frame: Int?
    /// The request in whose exchange it came, if the transport has exchanges.
    var exchange: RequestID?
    /// The time since the connection began.
    var time: Duration
}

extension ClientLink {
    /// Adds an observation to the events.
    func note(_ kind: Observations.Kind, _ arrival: Arrival? = nil, exchange: RequestID? = nil) {
        let time = arrival?.time ?? began.duration(to: scheduler.now)
        events.add(.noticed(kind), at: time, exchange: exchange ?? arrival?.exchange, frame: arrival?.frame)
    }

    /// Adds the breach of a rule to the events.
    func breach(_ sentence: String, _ arrival: Arrival, exchange: RequestID? = nil) {
        note(.breach(sentence), arrival, exchange: exchange)
    }

    /// Adds an ordinary note to the events.
    func note(_ text: String, exchange: RequestID? = nil) {
        events.add(.note(text), at: began.duration(to: scheduler.now), exchange: exchange)
    }
}

extension ClientLink.State {
    /// The request that a message belongs to which names none: that of its exchange, or the only candidate.
    ///
    /// Over Streamable HTTP a message comes in the exchange of its request. On a shared connection it can belong to any
    /// of the waiting requests.
    func owner(of arrival: Arrival, isMultiplexed: Bool) -> RequestID? {
        if let exchange = arrival.exchange { return exchanges[exchange] == nil ? nil : exchange }
        guard isMultiplexed else { return nil }
        let candidates = exchanges.filter(\.value.canAsk).keys
        return candidates.count == 1 ? candidates.first : nil
    }

    /// The request of a progress token, which usually is the id of the request.
    func exchange(of token: RequestID) -> RequestID? {
        if let exchange = exchanges[token], exchange.token == nil { return token }
        return exchanges.first { $0.value.token == token }?.key
    }
}
