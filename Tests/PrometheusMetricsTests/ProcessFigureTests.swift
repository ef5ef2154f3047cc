import Platform
import Testing

@testable import PrometheusMetrics

@Suite struct ProcessFigureTests {
    @Test func theFiguresAreThoseOfThisProcess() throws {
        let figures = ProcessFigures.current
        let (memory, time) = (try #require(figures.residentBytes), try #require(figures.processorSeconds))
        #expect(memory > 1_000_000 && time > 0)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let age = Double(now.tv_sec) - (try #require(figures.startTime))
        #expect(age > -2 && age < 24 * 3600)
    }

    #if os(Linux)
    @Test func anOpenFileIsCounted() throws {
        let before = try #require(ProcessFigures.current.openDescriptors)
        #expect(before >= 3)
        // Many, because other tests open and close files meanwhile.
        let descriptors = (0..<200).map { _ in dup(0) }
        let present = try #require(ProcessFigures.current.openDescriptors)
        for descriptor in descriptors { close(descriptor) }
        #expect(present > before + 150, "\(descriptors.filter { $0 < 0 }.count) not opened")
    }
    #endif

    @Test func eachFigureHasHelpAndType() {
        let lines = String(decoding: ProcessFigures.current.page(), as: UTF8.self).split(separator: "\n")
        let names = lines.filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: " ").first }
        #expect(names.contains("process_cpu_seconds_total") && names.contains("process_start_time_seconds"))
        #expect(lines.count == names.count * 3)
        #expect(ProcessFigures().page().isEmpty)
    }
}
