import JSON
import JSONRPC
import MCP
import MCPClient
import TextUtilities

extension TesterSession {
    /// Reads a resource of a target; URI and contents are passed on unchanged.
    public func readResource(_ uri: String, with options: CallOptions = CallOptions()) async -> Report {
        let answer = await call(.resource(uri), with: options) { [self] operation, pending in
            operation.connection.count { $0.resourcesAccessed += 1 }
            let label = "resources/read \"\(uri)\""
            do throws(CallError) {
                let result = try await operation.client.readResource(
                    uri,
                    limits: options.limits?.call,
                    fields: options.headers.fields,
                    onProgress: pending.onProgress,
                    onInputRequest: pending.respond
                )
                return report(result, uri: uri, label: label, operation)
            } catch {
                var failure = operation.failure(error, during: label)
                if case .rejected(let refusal) = error.cause { await settle(&failure, refusal, uri: uri, operation) }
                if failure.errorType == .executionError { operation.addException(to: &failure) }
                failure.details["uri"] = .string(uri)
                let failedCall = FailedCall(.resource(uri), failure)
                operation.connection.keep(failedCall)
                var report = operation.report(failure, emptyPayload: ("resource", nil))
                report.commandLine = failedCall.commandLine(for: operation.connection.request)
                return report
            }
        }
        keepIfNotSent(answer, of: .resource(uri), with: options)
        return answer
    }

    private func report(_ result: CallResult, uri: String, label: String, _ operation: Operation) -> Report {
        let resultType = result.result["resultType"]?.string
        if let failure = ResultKind.failure(of: resultType, during: label, in: operation.client.revision) {
            return finish(failure, result, operation)
        }
        guard let contents = result.result["contents"], let items = contents.elements else {
            return refuse("The result of \(label) has no array \"contents\".", result, operation)
        }
        guard let first = items.first else {
            // A missing resource must be an error, never an empty list (resources, "Error handling").
            return refuse("The contents of \(label) are an empty array.", result, operation)
        }
        let isBlob = first["text"] == nil
        guard let content = first["text"] ?? first["blob"] else {
            return refuse("The contents of \(label) have neither text nor blob.", result, operation)
        }
        let size = content.string?.utf8.count ?? content.bytes.count
        var report = operation.report("resource \"\(uri)\" read, \(size) bytes\(isBlob ? " of Base64" : "")")
        var members: [Report.Member] = [
            .init(key: "uri", value: first["uri"].map(Report.Part.text) ?? .value(.string(uri))),
            .init(key: "mimeType", value: first["mimeType"].map(Report.Part.text) ?? .value(.null)),
            .init(key: "content", value: .payload(content)),
        ]
        if isBlob { members.append(.init(key: "encoding", value: .value("base64"))) }
        // Several items, or more than plain content, are also shown as sent.
        if items.count > 1 || (first.members ?? []).contains(where: { !Self.plainKeys.contains($0.key) }) {
            members.append(.init(key: "contents", value: .payload(contents)))
        }
        for (key, text) in result.result.members ?? [] where key != "contents" {
            members.append(.init(key: key == "_meta" ? "meta" : key, value: .payload(text)))
        }
        report.add("resource", isBlob || items.count > 1 ? .media(encoded(members)) : .object(members), detail: .core)
        report.addEvents(since: operation, of: result.requests)
        var metadata = operation.metadata(of: result.requests)
        metadata["content_size"] = JSONValue(size)
        report.add("metadata", .object(metadata))
        return report
    }

    /// Members with payloads as one text.
    private func encoded(_ members: [Report.Member]) -> JSONText {
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        for member in members { writer.write(member) }
        writer.endObject()
        return JSONText(written: &writer)
    }

    private static let plainKeys: Set<String> = ["uri", "mimeType", "text", "blob"]

    private func refuse(_ message: String, _ result: CallResult, _ operation: Operation) -> Report {
        let failure = Failure(
            .protocolError,
            .executionError,
            message,
            nextStep:
                "Return contents: items with uri, and text or blob. Return an error for a missing resource."
        )
        return finish(failure, result, operation)
    }

    private func finish(_ failure: Failure, _ result: CallResult, _ operation: Operation) -> Report {
        operation.report(failure, showing: result, emptyPayload: ("resource", nil))
    }

    /// Distinguishes a missing resource from other failures, by the code if it says so, or else by the lists.
    private func settle(_ failure: inout Failure, _ refusal: RPCError, uri: String, _ operation: Operation) async {
        let revision = operation.client.revision
        let saysMissing =
            refusal.errorCode == .resourceNotFound
            || (refusal.errorCode == .invalidParams && revision.profile.meaning(of: .resourceNotFound) == nil)
        guard !saysMissing else {
            failure.errorType = .resourceNotFound
            failure.message = "The server has no resource \"\(uri)\": \(refusal.message)"
            failure.nextStep = "list_resources shows the resources and templates of the server."
            return
        }
        guard refusal.errorCode != .methodNotFound, operation.client.link.end == nil else { return }
        let known = operation.connection.surface(.resources)
        if known == nil {
            _ = await fetch(.resources, operation)
            failure.details["checked_against"] = "resources/list, requested after the failure"
        }
        guard let surface = known ?? operation.connection.surface(.resources), surface.listing.shortfall == nil,
            surface.item(uri) == nil
        else { return }
        if operation.connection.surface(.resourceTemplates) == nil { _ = await fetch(.resourceTemplates, operation) }
        // If a template matches the URI, the resource may be missing or broken.
        guard operation.connection.surface(.resourceTemplates)?.listing.items.isEmpty ?? true else { return }
        failure.errorType = .resourceNotFound
        failure.message = "The server lists no resource \"\(uri)\" and no templates: \(refusal.message)"
        failure.nextStep = "Read one of the listed resources, or add this one to the server."
    }
}
