import JSON
import JSONSchema
import Synchronization
import Testing

/// Schemas and values that would take too long or nest too deep.
struct SchemaLimitTests {
    // The limits are small because a level takes far more stack in a debug build.

    @Test func schemaThatReferencesItselfIsInconclusive() throws {
        let schema = try JSONSchema(["$ref": "#"], limits: JSONSchemaLimits(depth: 40))
        #expect(schema.validate(1).outcome == .inconclusive(.depth(limit: 40)))
        #expect(!schema.validate(1).isValid)
        #expect(schema.validate(1).errors.isEmpty)
        #expect(throws: JSONSchemaLimits.Exceeded.depth(limit: 40)) { try schema.violations(of: 1) }
    }

    @Test func recursiveSchemaFollowsARecursiveValueUpToTheLimit() throws {
        let schema = try JSONSchema(
            [
                "type": "object", "required": ["value"],
                "properties": ["value": ["type": "integer"], "next": ["$ref": "#"]], "additionalProperties": false,
            ],
            limits: JSONSchemaLimits(depth: 40)
        )
        func chain(_ length: Int, end: JSONValue) -> JSONValue {
            (0..<length).reduce(end) { next, index in ["value": JSONValue(index), "next": next] }
        }
        let wrong = try schema.violations(of: chain(3, end: ["value": "x"]))
        #expect(wrong.map(\.instanceLocation.description) == ["/next/next/next/value"])
        #expect(schema.validate(chain(19, end: ["value": 1])).isValid)
        #expect(schema.validate(chain(20, end: ["value": 1])).exceeded == .depth(limit: 40))
        #expect(schema.validate(chain(20, end: ["value": 1]), limits: JSONSchemaLimits(depth: 42)).isValid)
    }

    @Test func cyclicDefinitionsAreCompiledOnce() throws {
        let schema = try JSONSchema([
            "$ref": "#/$defs/even",
            "$defs": [
                "even": ["anyOf": [["const": []], ["items": ["$ref": "#/$defs/odd"]]], "type": "array"],
                "odd": ["items": ["$ref": "#/$defs/even"], "type": "array", "minItems": 1],
            ],
        ])
        #expect(schema.validate([]).isValid)
        #expect(schema.validate([[[]]]).isValid)
        #expect(!schema.validate([[]]).isValid)
    }

    @Test func exponentialBranchesStopAtTheEvaluationLimit() throws {
        var branches: JSONValue = ["$defs": ["x0": ["type": "string"]]]
        var definitions = branches["$defs"]?.object ?? [:]
        for level in 1...30 {
            let reference: JSONValue = ["$ref": .string("#/$defs/x\(level - 1)")]
            definitions["x\(level)"] = ["anyOf": [reference, reference]]
        }
        branches = ["$ref": "#/$defs/x30", "$defs": .object(definitions)]
        let limits = JSONSchemaLimits(evaluations: 10_000)
        #expect(try JSONSchema(branches).validate(1, limits: limits).exceeded == .evaluations(limit: 10_000))
        #expect(try JSONSchema(branches, limits: limits).validate("s").isValid)
    }

    @Test func timeIsMeasuredByTheGivenClock() throws {
        let schema = try JSONSchema(["items": ["type": "integer"]])
        let long = JSONValue.array((0..<2_000).map { JSONValue($0) })
        let limits = JSONSchemaLimits(time: .milliseconds(3))
        #expect(schema.validate(long, limits: limits, clock: TickingClock(step: .zero)).isValid)
        let late = schema.validate(long, limits: limits, clock: TickingClock(step: .milliseconds(1)))
        #expect(late.exceeded == .time(limit: .milliseconds(3)))
    }

    @Test(arguments: ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*a){12}b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y"])
    func patternThatIsExponentialElsewhereIsDecided(pattern: String) throws {
        let schema = try JSONSchema(["pattern": .string(pattern)])
        let text = String(repeating: "a", count: 2_000) + "!"
        #expect(schema.validate(.string(text)).exceeded == nil)
        #expect(!schema.validate(.string(text)).isValid)
    }

    @Test func exponentialBackreferencesStopAtTheStepLimit() throws {
        let schema = try JSONSchema(["pattern": "^(a+)+\\1$"])
        let limits = JSONSchemaLimits(patternSteps: 100_000)
        let text = JSONValue.string(String(repeating: "a", count: 60) + "!")
        #expect(schema.validate(text, limits: limits).exceeded == .patternSteps(limit: 100_000))
        #expect(schema.validate("aaaa", limits: limits).isValid)
    }

    @Test func patternThatIsTooLargeWhenExpandedIsRejected() throws {
        #expect(throws: JSONSchemaError.self) { try JSONSchema(["pattern": "((a{1000}){1000}){1000}"]) }
        #expect(throws: JSONSchemaError.self) { try JSONSchema(["pattern": "((){100000}){100000}"]) }
        #expect(try JSONSchema(["pattern": "^.{1,4096}$"]).validate("abc").isValid)
        let nested = String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000)
        #expect(throws: JSONSchemaError.self) { try JSONSchema(["pattern": .string(nested)]) }
    }

    @Test func exceededLimitIsDescribed() {
        #expect("\(JSONSchemaLimits.Exceeded.time(limit: .seconds(5)))".contains("5.0 seconds"))
        #expect("\(JSONSchemaLimits.Exceeded.evaluations(limit: 7))".contains("more than 7"))
    }
}

/// A clock that advances by one step per reading.
private struct TickingClock: Clock {
    typealias Duration = Swift.Duration

    struct Instant: InstantProtocol {
        var offset: Swift.Duration
        func advanced(by duration: Swift.Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Swift.Duration { other.offset - offset }
        static func < (one: Instant, other: Instant) -> Bool { one.offset < other.offset }
    }

    private final class Reading: Sendable {
        let time = Mutex(Swift.Duration.zero)
    }

    private let reading = Reading()
    let step: Duration
    let minimumResolution = Swift.Duration.zero

    init(step: Duration) {
        self.step = step
    }

    var now: Instant {
        reading.time.withLock { time in
            time += step
            return Instant(offset: time)
        }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        reading.time.withLock { $0 = max($0, deadline.offset) }
    }
}
