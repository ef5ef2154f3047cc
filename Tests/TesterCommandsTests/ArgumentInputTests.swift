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
        let inputs = InputSources(
            isTerminal: false,
            file: { (path) throws(Failure) in
                guard let text = files[path] else { throw .usage("\(path) does not exist.", nextStep: "") }
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
        let inputs = InputSources(
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

    @Test func withoutWordsThereAreNoArguments() async throws {
        guard case .none = try await read() else { throw UnexpectedInput() }
    }

    @Test func anObjectIsPassedOnUnchanged() async throws {
        #expect(object(try await read(#"{"b": 1.0, "a":2}"#)) == #"{"b": 1.0, "a":2}"#)
    }

    @Test func anObjectIsReadFromAFile() async throws {
        #expect(object(try await read("@a.json", files: ["a.json": "{\"a\":1}\n"])) == #"{"a":1}"#)
    }

    @Test func anObjectIsReadFromStandardInput() async throws {
        #expect(object(try await read("-", standardInput: " {} ")) == "{}")
    }

    @Test func textAndExactValuesAreKeptApart() async throws {
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

    @Test func aWordWithoutAnEqualsSignIsRefusedWithTheValidForms() async {
        let message = await message("hello")
        #expect(message.contains(#"Invalid argument "hello": expected name=value."#))
        #expect(message.contains("name=value, name:=json, one object '{…}', @file, or - for standard input"))
    }

    @Test func aPairWithoutANameIsRefused() async {
        #expect(await message("=5").contains(#"Invalid argument "=5""#))
    }

    @Test func anArgumentGivenTwiceIsRefused() async {
        #expect(await message("a=1", "a:=2").contains(#"The argument "a" is given twice."#))
    }

    @Test func anExactValueThatIsNotJSONIsRefusedWithTheFormForAString() async {
        let message = await message("unit:=metric")
        #expect(message.contains(#"The value after unit:= is not valid JSON"#))
        #expect(message.contains(#"For a string, write unit:='"metric"' or unit=metric"#))
    }

    @Test func anObjectBesidesOtherWordsIsRefused() async {
        #expect(await message("{}", "a=1").contains(#"An object already gives all arguments, but "a=1" follows."#))
    }

    @Test func invalidJSONIsRefusedWithThePositionOfTheError() async {
        let message = await message(#"{"a": }"#)
        #expect(message.hasPrefix("The argument object is not valid JSON: "), "\(message)")
        #expect(message.contains("byte 6"), "\(message)")
    }

    @Test func aFileWithoutAnObjectIsRefused() async {
        #expect(
            await message("@list", files: ["list": "[1]"]).contains("is a JSON value of type array; expected an object")
        )
    }

    private struct UnexpectedInput: Error {}
}
