import JSON
import Tester
import Testing

@testable import TesterCommands

@Suite struct ArgumentInputTests {
    private func read(
        _ words: String...,
        files: [String: String] = [:],
        standardInput: String = ""
    ) async throws(Failure) -> ArgumentInput {
        let inputs = Inputs(
            isTerminal: false,
            file: { (path) throws(Failure) in
                guard let text = files[path] else { throw .usage("There is no file \(path).", nextStep: "") }
                return Array(text.utf8)
            },
            standard: { Array(standardInput.utf8) }
        )
        return try await ArgumentInput(words, from: inputs)
    }

    private func object(_ input: ArgumentInput) -> String? {
        if case .object(let text) = input { text.description } else { nil }
    }

    private func message(_ words: String..., files: [String: String] = [:]) async -> String {
        let inputs = Inputs(
            isTerminal: false,
            file: { (path) throws(Failure) in Array((files[path] ?? "").utf8) },
            standard: { [] }
        )
        do throws(Failure) {
            _ = try await ArgumentInput(words, from: inputs)
            return "accepted"
        } catch {
            return "\(error.message) \(error.nextStep)"
        }
    }

    @Test func noWordsAreNoArguments() async throws {
        guard case .none = try await read() else { throw UnexpectedInput() }
    }

    @Test func aBareObjectIsPassedOnAsItStands() async throws {
        #expect(object(try await read(#"{"b": 1.0, "a":2}"#)) == #"{"b": 1.0, "a":2}"#)
    }

    @Test func anObjectComesFromAFile() async throws {
        #expect(object(try await read("@a.json", files: ["a.json": "{\"a\":1}\n"])) == #"{"a":1}"#)
    }

    @Test func anObjectComesFromStandardInput() async throws {
        #expect(object(try await read("-", standardInput: " {} ")) == "{}")
    }

    @Test func pairsKeepTextAndExactValuesApart() async throws {
        guard case .pairs(let pairs) = try await read("text=5", "exact:=5.0", "empty=", "equals=a=b") else {
            throw UnexpectedInput()
        }
        #expect(pairs.map(\.name) == ["text", "exact", "empty", "equals"])
        let values = pairs.map { pair in
            switch pair.value {
            case .text(let text): "text \(text)"
            case .exact(let value): "exact \(value)"
            }
        }
        #expect(values == ["text 5", "exact 5.0", "text ", "text a=b"])
    }

    @Test func onlyTextsNeedTheSchema() async throws {
        #expect(try await read("a=1", "b:=2").needsSchema)
        #expect(try await !read("b:=2").needsSchema)
        #expect(try await !read("{}").needsSchema)
    }

    @Test func aWordWithoutEqualsSignIsRefusedWithAllForms() async {
        let message = await message("hello")
        #expect(message.contains(#""hello" is no argument"#))
        #expect(message.contains("name=value, name:=json, one object '{…}', @file, or - for standard input"))
    }

    @Test func aPairWithoutNameIsRefused() async {
        #expect(await message("=5").contains(#""=5" is no argument"#))
    }

    @Test func anArgumentGivenTwiceIsRefused() async {
        #expect(await message("a=1", "a:=2").contains(#"The argument "a" is given twice."#))
    }

    @Test func anExactValueThatIsNoJSONIsRefusedWithTheWayToWriteAString() async {
        let message = await message("unit:=metric")
        #expect(message.contains(#"The value of "unit:=metric" is not JSON"#))
        #expect(message.contains(#"for a string write unit:='"metric"' or unit=metric"#))
    }

    @Test func anObjectBesideOtherWordsIsRefused() async {
        #expect(await message("{}", "a=1").contains(#""{}" stands for all arguments, but "a=1" follows it."#))
    }

    @Test func brokenJSONIsRefusedWithItsPlace() async {
        #expect(await message(#"{"a": }"#).contains("is not JSON: '}' at byte 6"))
    }

    @Test func aFileThatHoldsNoObjectIsRefused() async {
        #expect(await message("@list", files: ["list": "[1]"]).contains("of the kind array"))
    }

    private struct UnexpectedInput: Error {}
}
