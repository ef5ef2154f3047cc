import JSON
import MCP
import MCPClient
import Synchronization
import TestSupport
import Testing

@testable import Tester

/// What a restart says about the changes of what a server offers, and which of them break clients.
@Suite(.timeLimit(.minutes(15)))
struct SurfaceDifferenceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let before: String
        let after: String
        let field: String
        let isBreaking: Bool
        let reason: String
        var testDescription: String { what }
    }

    static let rows = [
        Row(
            what: "a new required argument",
            before: #"{"properties":{"a":{"type":"string"}},"required":["a"]}"#,
            after: #"{"properties":{"a":{"type":"string"},"c":{"type":"string"}},"required":["a","c"]}"#,
            field: "/inputSchema/properties/c",
            isBreaking: true,
            reason: "callers must now send it"
        ),
        Row(
            what: "a new optional argument",
            before: #"{"properties":{"a":{}}}"#,
            after: #"{"properties":{"a":{},"c":{}}}"#,
            field: "/inputSchema/properties/c",
            isBreaking: false,
            reason: "callers need not send it"
        ),
        Row(
            what: "a known argument that is required now",
            before: #"{"properties":{"a":{}}}"#,
            after: #"{"properties":{"a":{},"c":{}},"required":["a","c"]}"#,
            field: "/inputSchema/required",
            isBreaking: true,
            reason: "callers must now send `a`, `c`"
        ),
        Row(
            what: "an argument that is no longer required",
            before: #"{"required":["a","b"]}"#,
            after: #"{"required":["b"]}"#,
            field: "/inputSchema/required",
            isBreaking: false,
            reason: "callers need not send `a` any more"
        ),
        Row(
            what: "an argument that is gone",
            before: #"{"properties":{"a":{},"b":{}}}"#,
            after: #"{"properties":{"a":{}}}"#,
            field: "/inputSchema/properties/b",
            isBreaking: true,
            reason: "callers may still send it"
        ),
        Row(
            what: "a wider type",
            before: #"{"properties":{"a":{"type":"integer"}}}"#,
            after: #"{"properties":{"a":{"type":"number"}}}"#,
            field: "/inputSchema/properties/a/type",
            isBreaking: false,
            reason: "`type` allows more"
        ),
        Row(
            what: "fewer choices",
            before: #"{"properties":{"a":{"enum":["x","y"]}}}"#,
            after: #"{"properties":{"a":{"enum":["x"]}}}"#,
            field: "/inputSchema/properties/a/enum",
            isBreaking: true,
            reason: "`enum` allows less"
        ),
        Row(
            what: "another default",
            before: #"{"properties":{"a":{"default":1}}}"#,
            after: #"{"properties":{"a":{"default":2}}}"#,
            field: "/inputSchema/properties/a/default",
            isBreaking: false,
            reason: "callers that omit it get another value"
        ),
        Row(
            what: "a lower maximum",
            before: #"{"properties":{"a":{"maximum":10}}}"#,
            after: #"{"properties":{"a":{"maximum":5}}}"#,
            field: "/inputSchema/properties/a/maximum",
            isBreaking: true,
            reason: "`maximum` allows less"
        ),
    ]

    @Test("a changed input schema is judged by what clients send", arguments: rows)
    func aChangedInputSchemaIsJudged(_ row: Row) throws {
        let old = try JSONValue(parsing: #"{"name":"t","inputSchema":\#(row.before)}"#)
        let new = try JSONValue(parsing: #"{"name":"t","inputSchema":\#(row.after)}"#)
        let changes = try difference(tools: [old], [new]).changes
        let change = try #require(changes.first { $0.field == row.field }, "\(changes)")
        #expect(change.judgement.isBreaking == row.isBreaking)
        #expect(change.judgement.reason.hasPrefix(row.reason), "\(change.judgement.reason)")
    }

    @Test("more in an output schema breaks clients, less does not")
    func anOutputSchemaIsJudgedTheOtherWayRound() throws {
        func tool(_ types: String) throws -> JSONValue {
            try JSONValue(parsing: #"{"name":"t","outputSchema":{"properties":{"a":{"type":\#(types)}}}}"#)
        }
        let (narrow, wide) = (try tool(#""string""#), try tool(#"["string","null"]"#))
        #expect(try difference(tools: [narrow], [wide]).breakingCount == 1)
        #expect(try difference(tools: [wide], [narrow]).breakingCount == 0)
    }

    @Test("added and removed tools, and an unchanged list")
    func addedAndRemovedTools() throws {
        let (one, two): (JSONValue, JSONValue) = (["name": "one"], ["name": "two"])
        let changes = try difference(tools: [one], [two]).changes
        #expect(changes.map(\.phrase) == [#"tool "one" removed"#, #"tool "two" added"#])
        #expect(changes.map(\.judgement.isBreaking) == [true, false])
        #expect(try difference(tools: [one], [one]).summary == "nothing that it offers has changed")
    }

    @Test("the item comes first, then its part, then what changed")
    func placesAreReadable() throws {
        func tool(_ schema: String) throws -> JSONValue {
            try JSONValue(parsing: #"{"name":"t","inputSchema":\#(schema)}"#)
        }
        let old = try tool(#"{"properties":{"a":{"properties":{"b":{"maximum":9}}},"limit":{}},"required":["a"]}"#)
        let new = try tool(
            #"{"properties":{"a":{"properties":{"b":{"maximum":5}}},"c":{}},"required":["a","c"]}"#
        )
        let changes = try difference(tools: [old], [new]).changes
        #expect(
            changes.map(\.phrase).sorted() == [
                "tool \"t\": `maximum` of argument `a.b` changed: `maximum` allows less: arguments that were valid may be "
                    + "refused",
                #"tool "t": argument `c` added: callers must now send it"#,
                #"tool "t": argument `limit` removed: callers may still send it"#,
            ]
        )
    }

    @Test("the verdict of a lock file counts what breaks")
    func verdictCountsWhatBreaks() throws {
        let (one, two): (JSONValue, JSONValue) = (["name": "one"], ["name": "two"])
        func verdict(isLock: Bool) throws -> String {
            let (old, new) = (SurfaceLock(snapshot([one])), SurfaceLock(snapshot([two])))
            return LockReport(from: old, to: new, allowing: nil, isLock: isLock).report.summary
        }
        let lock = try verdict(isLock: true)
        #expect(
            lock.contains(#"2 of 2 changes are not allowed, 1 breaking; the first: tool "one" removed."#),
            "\(lock)"
        )
        #expect(try verdict(isLock: false).contains("2 changes, 1 breaking; the first: "))
        let (old, new) = (SurfaceLock(snapshot([one])), SurfaceLock(snapshot([one, two])))
        for isLock in [true, false] {
            let report = LockReport(from: old, to: new, allowing: nil, isLock: isLock).report
            #expect(report.failure?.nextStep.hasSuffix(" --allow compatible accepts all of them.") == true)
        }
    }

    @Test("an empty container of capabilities promises nothing")
    func emptyContainersMayGo() {
        let greeting: JSONValue = [
            "capabilities": ["experimental": [:], "logging": [:], "tools": ["listChanged": true]]
        ]
        let after: JSONValue = ["capabilities": ["tools": ["listChanged": false]]]
        let (old, new) = (snapshot([], greeting: greeting), snapshot([], greeting: after))
        let changes = SurfaceDifference(from: old, to: new).changes
        #expect(
            Dictionary(uniqueKeysWithValues: changes.map { ($0.name ?? "", $0.judgement.isBreaking) })
                == ["experimental": false, "logging": true, "tools.listChanged": true],
            "\(changes.map(\.phrase))"
        )
    }

    private func difference(tools old: [JSONValue], _ new: [JSONValue]) throws -> SurfaceDifference {
        SurfaceDifference(from: snapshot(old), to: snapshot(new))
    }

    private func snapshot(_ tools: [JSONValue], greeting: JSONValue = [:]) -> SurfaceSnapshot {
        var listing = Listing()
        listing.items = tools.map { JSONText($0) }
        var snapshot = SurfaceSnapshot(revision: .latestLegacy, greeting: JSONText(greeting))
        for kind in ListKind.allCases { snapshot.lists[kind] = Surface(Listing(), of: kind) }
        snapshot.lists[.tools] = Surface(listing, of: .tools)
        return snapshot
    }
}
