import AsyncRuntime
import JSON
import JSONRPC

/// What belongs to a request of ours while it waits for its answer.
struct OpenExchange {
    /// What progress notifications name it by, if not by its id.
    var token: RequestID?
    /// Tells whether the server may ask something because of it.
    var canAsk = true
    /// Takes what the server reports about its progress.
    var onProgress: ClientLink.ProgressHandler?
    /// Answers what the server asks because of it, in place of the handlers of the connection.
    var onInputRequest: InputHandlers.Handler?
    /// How often the server asked because of it.
    var rounds = 0
    /// The progress that was reported last.
    var lastProgress: Double?
}

/// Where and when something came.
struct Arrival {
    /// The number of the frame in the transcript, if it came in one.
    var frame: Int?
    /// The request in whose exchange it came, if the transport has such.
    var exchange: RequestID?
    /// The time since the connection began.
    var time: Duration
}

extension ClientLink {
    /// Adds something that was noticed to the events.
    func note(_ kind: Observations.Kind, _ arrival: Arrival? = nil, exchange: RequestID? = nil) {
        let time = arrival?.time ?? began.duration(to: scheduler.now)
        events.add(.noticed(kind), at: time, exchange: exchange ?? arrival?.exchange, frame: arrival?.frame)
    }

    /// Adds a rule that the server broke to the events.
    func breach(_ sentence: String, _ arrival: Arrival, exchange: RequestID? = nil) {
        note(.breach(sentence), arrival, exchange: exchange)
    }

    /// Adds something ordinary to the events.
    func note(_ text: String, exchange: RequestID? = nil) {
        events.add(.note(text), at: began.duration(to: scheduler.now), exchange: exchange)
    }
}

extension ClientLink.State {
    /// The request that something belongs to which names none: that of its exchange, or the only one that it can be.
    ///
    /// Over streamable HTTP what belongs to a request comes in its exchange; everywhere else all comes one way, and of
    /// several requests it may be any.
    func owner(of arrival: Arrival, isMultiplexed: Bool) -> RequestID? {
        if let exchange = arrival.exchange { return exchanges[exchange] == nil ? nil : exchange }
        guard isMultiplexed else { return nil }
        let candidates = exchanges.filter(\.value.canAsk).keys
        return candidates.count == 1 ? candidates.first : nil
    }

    /// The request that a progress token stands for; usually it is the id itself.
    func exchange(of token: RequestID) -> RequestID? {
        if let exchange = exchanges[token], exchange.token == nil { return token }
        return exchanges.first { $0.value.token == token }?.key
    }
}
