public import JSON

/// What came of a request, told apart by the result's `resultType`.
///
/// Source: 2026-07-28, basic protocol, "resultType".
public enum ResultOutcome<Result: ResultView>: Sendable {
    /// The request is done. A result without `resultType` is of an older server and means this.
    case complete(Result)
    /// The server asks for more.
    case inputRequired(InputRequiredResult)
    /// The server goes on by itself; only where the tasks extension was declared.
    case task(CreateTaskResult)
    /// A kind that the specification does not know; clients must treat it as invalid.
    case unknown(ResultType, EmptyResult)

    /// Tells what a result is; members beside `resultType` are not looked at.
    public init(json: JSONObject) {
        switch EmptyResult(json: json).resultType {
        case nil, .complete?: self = .complete(Result(json: json))
        case .inputRequired?: self = .inputRequired(InputRequiredResult(json: json))
        case .task?: self = .task(CreateTaskResult(json: json))
        case .some(let type): self = .unknown(type, EmptyResult(json: json))
        }
    }

    /// The result, whatever it is.
    public var result: any ResultView {
        switch self {
        case .complete(let result): result
        case .inputRequired(let result): result
        case .task(let result): result
        case .unknown(_, let result): result
        }
    }

    /// Lists what is wrong with the result, by the rules of its kind.
    public func problems(in revision: Revision) -> [Problem] {
        switch self {
        case .complete, .inputRequired, .task: result.problems(in: revision)
        case .unknown(let type, _):
            [
                Problem("This is \(type.jsonValue.sketch); known are “complete” and “input_required”.").under(
                    "resultType"
                )
            ]
        }
    }
}
