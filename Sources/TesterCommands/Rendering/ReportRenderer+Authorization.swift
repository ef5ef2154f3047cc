import JSON

extension ReportRenderer {
    /// Writes stored authorizations: the server, then who issued what to whom.
    mutating func writeAuthorizations(_ authorizations: [JSONValue]) {
        guard !authorizations.isEmpty else { return }
        section("Authorizations")
        for authorization in authorizations {
            line(Span(authorization["server"]?.string ?? "", .name), indent: 2)
            line("issuer \(authorization["issuer"]?.string ?? "")", indent: 4)
            let client = authorization["client"]?.string ?? ""
            line(
                "client \(authorization["client_id"]?.string ?? "") (\(client)), by \(authorization["grant"]?.string ?? "")",
                indent: 4
            )
            if let scope = authorization["scope"]?.string, !scope.isEmpty { line("scope  \(scope)", indent: 4) }
            let bound = authorization["bound_to_key"] == true ? ", bound to a key (DPoP)" : ""
            let renewal = (authorization["has_refresh_token"] == true ? ", renewable" : "") + bound
            line(
                "\(authorization["expires_at"]?.string.map { "expires at \($0)" } ?? "no known end")\(renewal)",
                indent: 4
            )
            if let claims = authorization["claims"], !claims.isNull { block(claims.prettyPrinted, indent: 4, .faint) }
        }
    }

    /// Writes the steps of an authorization: the verdict, what was requested and what was found.
    mutating func writeAuthorizationSteps(_ steps: JSONValue) {
        guard let steps = steps.array, !steps.isEmpty else { return }
        section("Authorization, step by step")
        for step in steps {
            let verdict = step["verdict"]?.string ?? ""
            let status = step["status"]?.int.map { " → \($0)" } ?? ""
            let request = step["request"]?.string ?? step["purpose"]?.string ?? ""
            // The request has the URL already.
            let url = request.split(separator: " ").dropFirst().first.map { "\($0) " } ?? ""
            var found = step["found"]?.string ?? ""
            if !url.isEmpty, found.hasPrefix(url) { found.removeFirst(url.count) }
            let source = step["source"]?.string ?? ""
            let isSound = verdict != "fault" && verdict != "warning"
            line(
                Span(verdict, Style.Role(ofVerdict: verdict)),
                "  \(request)\(status): \(found)",
                Span(isSound && !source.isEmpty ? "  (\(source))" : "", .faint),
                indent: 2
            )
            guard !isSound else { continue }
            // A server that cannot be reached breaks no rule.
            if let rule = step["rule"]?.string { line(Span("\(rule) (\(source))", .faint), indent: 6) }
            if let advice = step["advice"]?.string { line("\(advice)", indent: 6) }
        }
    }
}

extension Style.Role {
    /// The role of the verdict of a step or a check of authorization.
    init(ofVerdict verdict: String) {
        self =
            switch verdict {
            case "ok": .good
            case "fault": .bad
            default: .doubtful
            }
    }
}
