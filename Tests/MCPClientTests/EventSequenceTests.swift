import JSONRPC
import Testing

@testable import MCPClient

@Suite(.timeLimit(.minutes(5)))
struct EventSequenceTests {
    @Test func eventsComeInOrderAndTheSequenceEndsWithTheConnection() async {
        let log = EventLog()
        log.add(.note("before"), at: .zero)
        async let numbers = log.entries().reduce(into: []) { $0.append($1.number) }
        async let later = log.entries(after: 1).reduce(into: []) { $0.append($1.number) }
        log.add(.note("during"), at: .zero)
        log.add(.note("last"), at: .zero)
        log.finish()
        #expect(await numbers == [1, 2, 3])
        #expect(await later == [2, 3])
    }

    @Test func aReaderThatWaitsGetsTheNextEvent() async {
        let log = EventLog()
        var entries = log.entries().makeAsyncIterator()
        log.add(.note("one"), at: .zero)
        #expect(await entries.next()?.number == 1)
        Task { log.add(.note("two"), at: .zero) }
        #expect(await entries.next()?.number == 2)
    }

    @Test func aLogThatHasEndedGivesWhatItHas() async {
        let log = EventLog()
        log.add(.note("one"), at: .zero)
        log.finish()
        #expect(await log.entries().reduce(into: 0) { count, _ in count += 1 } == 1)
    }

    @Test func aCancelledReaderStops() async {
        let log = EventLog()
        let reader = Task { await log.entries().reduce(into: 0) { count, _ in count += 1 } }
        reader.cancel()
        #expect(await reader.value == 0)
    }
}
