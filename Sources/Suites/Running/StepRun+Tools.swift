import JSON
import MCPClient
import Tester

extension StepRun {
    /// The checks of a tool, which the server has listed once in the run.
    func checks(of tool: String) async -> ToolChecks {
        let connection = place.connection
        if connection.surface(.tools) == nil, !place.wasRestarted, let known = surfaces.surface(of: place.surfaceKey) {
            connection.keep(known, as: .tools)
        }
        var checks = ToolChecks(connection, tool: tool)
        if await checks.listIfNeeded(), let surface = connection.surface(.tools) {
            surfaces.keep(surface, for: place.surfaceKey)
        }
        return checks
    }

    /// What the suite does wrong in a call that failed, as a sentence; nil if the list of tools shows no mistake.
    func mistake(in observed: Observed, _ scope: Scope) async -> String? {
        // With several instances, a list would be among the requests that are reported.
        guard case .call(let tool, let arguments) = step.action, observed.isCallError, place.turns == nil else {
            return nil
        }
        do throws(MissingValue) {
            let given = try arguments?.value(in: scope)
            return await checks(of: try tool.text(in: scope)).mistake(in: given.map(JSONText.init))?.sentence
        } catch {
            return nil
        }
    }
}

extension StepRun.Observed {
    /// Whether the server returned an error, as the result of a tool or as that of the request.
    fileprivate var isCallError: Bool {
        switch self {
        case .result(let view, _): view.result["isError"] == true
        case .error(let error): if case .rejected = error.cause { true } else { false }
        case .nothing, .failure: false
        }
    }
}
