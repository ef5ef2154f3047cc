import Foundation
import JSON
import TestSupport
import Testing

/// The JSON parsing test suite: texts to accept, texts to reject, and undefined cases.
@Suite(.enabled(if: SharedData.isAvailable, "\(SharedData.absence)"))
struct ParsingSuiteTests {
    private static let folder = "data/json-parsing/test_parsing"

    static func names(_ prefix: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: SharedData.path(folder))) ?? []
        return names.filter { $0.hasPrefix(prefix) }.sorted()
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        try SharedData.bytes("\(Self.folder)/\(name)")
    }

    @Test func suiteIsComplete() {
        #expect(Self.names("y_").count > 90)
        #expect(Self.names("n_").count > 180)
    }

    @Test(arguments: names("y_"))
    func validTextIsAcceptedAndPreserved(name: String) throws {
        try expectRoundTrip(try bytes(name))
    }

    @Test(arguments: names("n_"))
    func invalidTextIsRejected(name: String) throws {
        let bytes = try bytes(name)
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(throws: JSONError.self) { try JSONText(bytes) }
    }

    @Test(arguments: names("i_"))
    func undefinedCasesAreDecidedAsListed(name: String) throws {
        let decision = try #require(Self.decisions[name], "nothing is decided about \(name)")
        let bytes = try bytes(name)
        if decision.isAccepted {
            try expectRoundTrip(bytes)
        } else {
            #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
            #expect(throws: JSONError.self) { try JSONText(bytes) }
        }
    }

    @Test func listedDecisionsExist() {
        #expect(Set(Self.decisions.keys).subtracting(Self.names("i_")) == [])
    }

    private func expectRoundTrip(_ bytes: [UInt8]) throws {
        let value = try JSONValue(parsing: bytes)
        let written = JSONText(value).bytes
        let again = try JSONValue(parsing: Array(written))
        #expect(again.isIdentical(to: value))
        #expect(again == value)
        #expect(JSONText(again).bytes == written)
        #expect(try JSONText(bytes).value().isIdentical(to: value))
        #expect(try JSONValue(parsing: value.prettyPrinted).isIdentical(to: value))
    }

    /// A decision about an undefined case, and its reason.
    struct Decision {
        let isAccepted: Bool
        let reason: String
    }

    private static let number = Decision(isAccepted: true, reason: "numbers keep their literal, whatever their size")
    private static let surrogate = Decision(isAccepted: false, reason: "a string cannot hold a lone surrogate")
    private static let notUTF8 = Decision(isAccepted: false, reason: "RFC 8259 asks for UTF-8")

    static let decisions: [String: Decision] = [
        "i_number_double_huge_neg_exp.json": number,
        "i_number_huge_exp.json": number,
        "i_number_neg_int_huge_exp.json": number,
        "i_number_pos_double_huge_exp.json": number,
        "i_number_real_neg_overflow.json": number,
        "i_number_real_pos_overflow.json": number,
        "i_number_real_underflow.json": number,
        "i_number_too_big_neg_int.json": number,
        "i_number_too_big_pos_int.json": number,
        "i_number_very_big_negative_int.json": number,
        "i_object_key_lone_2nd_surrogate.json": surrogate,
        "i_string_1st_surrogate_but_2nd_missing.json": surrogate,
        "i_string_1st_valid_surrogate_2nd_invalid.json": surrogate,
        "i_string_incomplete_surrogate_and_escape_valid.json": surrogate,
        "i_string_incomplete_surrogate_pair.json": surrogate,
        "i_string_incomplete_surrogates_escape_valid.json": surrogate,
        "i_string_invalid_lonely_surrogate.json": surrogate,
        "i_string_invalid_surrogate.json": surrogate,
        "i_string_inverted_surrogates_U+1D11E.json": surrogate,
        "i_string_lone_second_surrogate.json": surrogate,
        "i_string_UTF-16LE_with_BOM.json": notUTF8,
        "i_string_UTF-8_invalid_sequence.json": notUTF8,
        "i_string_UTF8_surrogate_U+D800.json": notUTF8,
        "i_string_invalid_utf-8.json": notUTF8,
        "i_string_iso_latin_1.json": notUTF8,
        "i_string_lone_utf8_continuation_byte.json": notUTF8,
        "i_string_not_in_unicode_range.json": notUTF8,
        "i_string_overlong_sequence_2_bytes.json": notUTF8,
        "i_string_overlong_sequence_6_bytes.json": notUTF8,
        "i_string_overlong_sequence_6_bytes_null.json": notUTF8,
        "i_string_truncated-utf-8.json": notUTF8,
        "i_string_utf16BE_no_BOM.json": notUTF8,
        "i_string_utf16LE_no_BOM.json": notUTF8,
        "i_structure_500_nested_arrays.json": Decision(isAccepted: true, reason: "the default limit is 512 levels"),
        "i_structure_UTF-8_BOM_empty_object.json": Decision(
            isAccepted: false,
            reason: "RFC 8259 forbids to send a byte order mark, and a tester must show that one came"
        ),
    ]
}
