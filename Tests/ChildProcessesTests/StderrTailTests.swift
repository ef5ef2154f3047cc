import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

struct StderrTailTests {
    private func line(_ text: String) -> Line {
        Line(bytes: Array(text.utf8), receivedAt: .now)
    }

    @Test("The oldest lines make room and are counted")
    func oldestLinesMakeRoom() {
        var tail = StderrTail(capacity: 1000)
        for number in 0..<100 {
            tail.append(line("line number \(number)"))
        }
        #expect(tail.droppedLines + tail.lines.count == 100)
        #expect(tail.lines.first?.text == "line number \(tail.droppedLines)")
        #expect(tail.lines.last?.text == "line number 99")
        #expect(tail.totalBytes == 10 * 13 + 90 * 14)
        #expect(tail.lines.map(\.bytes.count).reduce(0, +) <= 1000)
    }

    @Test("Empty lines take room, too")
    func emptyLinesTakeRoom() {
        var tail = StderrTail(capacity: 1000)
        for _ in 0..<10_000 {
            tail.append(line(""))
        }
        #expect(tail.lines.count <= 1000)
        #expect(tail.droppedLines + tail.lines.count == 10_000)
    }

    @Test("The last line stays, however long it is")
    func lastLineStays() {
        var tail = StderrTail(capacity: 10)
        tail.append(line("short"))
        tail.append(line("longer than the capacity"))
        #expect(tail.text == "longer than the capacity\n")
        #expect(tail.droppedLines == 1)
    }
}
