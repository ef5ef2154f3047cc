import JSON
import MCPClient

extension Operation {
    /// The lines that the server wrote to its standard error since the operation began.
    var standardError: [String] {
        client.link.events.since(mark).entries.compactMap { entry in
            guard case .standardError(let line) = entry.content else { return nil }
            return String(decoding: line, as: UTF8.self)
        }
    }

    /// Names the exception behind a failure, if the server wrote one to its standard error since the operation began.
    ///
    /// - Parameter tool: The tool that reported it, without saying more than the exception does.
    func addException(to failure: inout Failure, of tool: String? = nil) {
        guard client.link.events.count > mark, let exception = ThrownException(inStandardError: standardError)
        else { return }
        failure.details["exception"] = .object(exception.json)
        if let tool {
            failure.message = "The tool \"\(tool)\" raised \(exception.summary.asSentence)"
        } else {
            failure.message = "\(failure.message.asSentence.dropLast()) (\(exception.summary))."
        }
        if let place = exception.place {
            failure.nextStep =
                "Fix \(place.file), line \(place.line); then restart_server with repeat_last calls it again."
        }
    }
}
