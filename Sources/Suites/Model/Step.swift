package import JSON
package import JSONSchema
package import MCPClient

/// One thing that a case does, and what is expected of it.
package struct Step: Sendable {
    package var place: SourcePlace
    package var name: String?
    package var action: Action
    package var timeout: Duration?
    /// Whether a tool runs as a task.
    package var isTask = false
    package var expect = Expectation()
    package var captures: [Capture] = []

    package enum Action: Sendable {
        case call(tool: Template, arguments: Template?)
        case read(Template)
        case get(prompt: Template, arguments: Template?)
        case list(ListKind)
        case complete(Completion)
        case subscribe(uris: [Template], lists: Bool)
        case wait(EventPattern)
        case raw(RawMessage)
        case restart
        case assert([Assertion])
    }

    /// The completion of an argument.
    package struct Completion: Sendable {
        var prompt: Template?
        var template: Template?
        var argument: String
        var value: Template
        var context: Template?
    }

    /// A message that is sent as it is.
    package enum RawMessage: Sendable {
        case request(method: String, params: Template?)
        case notification(method: String, params: Template?)
        case bytes(Template)
    }

    /// A check of captured values.
    package struct Assertion: Sendable {
        var place: SourcePlace
        var value: Template
        var matcher: Matcher
    }

    /// A value of the result that later steps use.
    package struct Capture: Sendable {
        var name: String
        var place: SourcePlace
        var root: ResultRoot
        var path: SuitePath
    }

    /// What the step does, for reports.
    package var title: String {
        if let name { return name }
        return switch action {
        case .call(let tool, _): "call \(tool.description)"
        case .read(let uri): "read \(uri.description)"
        case .get(let prompt, _): "get \(prompt.description)"
        case .list(let kind): "list \(SuiteKeys.listName(kind))"
        case .complete(let completion): "complete \(completion.argument)"
        case .subscribe: "subscribe"
        case .wait(let pattern): "wait for \(pattern.shownName)"
        case .raw(.request(let method, _)): "raw \(method)"
        case .raw(.notification(let method, _)): "raw \(method)"
        case .raw(.bytes): "raw bytes"
        case .restart: "restart"
        case .assert: "assert"
        }
    }
}

/// What a path starts from.
package enum ResultRoot: String, Sendable {
    /// The structured content, or the text as JSON.
    case json
    /// The whole result.
    case result
    /// The text.
    case text
}

/// A place in a result: a JSON Pointer, or a JSONPath query if it starts with `$`.
package enum SuitePath: Sendable {
    case pointer(JSONPointer)
    case query(JSONPath)

    var description: String {
        switch self {
        case .pointer(let pointer): pointer.description
        case .query(let query): query.description
        }
    }

    /// The value at the place; nil if there is none.
    ///
    /// A query that finds several values is their list.
    func value(in document: JSONValue) -> JSONValue? {
        switch self {
        case .pointer(let pointer): return document[pointer]
        case .query(let query):
            let matches = query.matches(in: document)
            return matches.count > 1 ? .array(matches.map(\.value)) : matches.first?.value
        }
    }
}

/// What the value at a place must be.
package struct PathExpectation: Sendable {
    var path: SuitePath
    var matcher: Matcher
    var place: SourcePlace
}

/// A notification of the server that is waited for, expected or excluded.
package struct EventPattern: Sendable {
    /// The name as it is in the file.
    var shownName: String
    var method: String
    var params: [PathExpectation]
    var place: SourcePlace
}

/// What is expected of a step.
package struct Expectation: Sendable {
    var text: Matcher?
    var json: [PathExpectation] = []
    var result: [PathExpectation] = []
    /// The names of a list, or the values of a completion.
    var names: Matcher?
    /// Nil for the default: false, unless an error is expected.
    var isError: Bool?
    var error: ExpectedError?
    var schema = SchemaCheck.ofTool
    var latency: Duration?
    /// The key of the snapshot that the result must equal.
    var snapshot: String?
    /// The places that are omitted from the snapshot.
    var snapshotExceptions: [SuitePath] = []
    var eventsInOrder: [EventPattern] = []
    var eventsInAnyOrder: [EventPattern] = []
    var eventsNever: [EventPattern] = []
    var stderr: Matcher?
    var checksStdout = true
    var place: SourcePlace?

    /// A protocol error.
    struct ExpectedError: Sendable {
        var code: Matcher?
        var message: Matcher?
        var data: [PathExpectation] = []
    }

    enum SchemaCheck: Sendable {
        /// The output schema of the tool.
        case ofTool
        case none
        case given(JSONSchema)
    }
}

/// A condition on a value.
package indirect enum Matcher: Sendable {
    case equals(Template)
    case contains(Template)
    /// A regular expression of ECMA-262, compiled as the pattern of a schema.
    case matches(String, JSONSchema)
    case any([Matcher])
    case all([Matcher])
    case none([Matcher])
    case not(Matcher)
    case each(Matcher)
    case approx(Template, tolerance: Double)
    case type([String])
    case length(Matcher)
    case unordered([Template])
    case bound(Bound, Template)
    case exists(Bool)

    package enum Bound: String, Sendable, CaseIterable {
        case atLeast = "at_least"
        case atMost = "at_most"
        case above
        case below
    }
}
