import JSON
import MCPHTTP

/// The two metadata documents: at each place where a client looks, and then where they are often put by mistake.
extension AuthExamination {
    // MARK: - The resource

    mutating func examineResourceMetadata() async {
        var places = WellKnown.resource(url)
        let named = challenge?.resourceMetadata.flatMap(namedPlace)
        if let named {
            places.removeAll { $0 == named }
            places.insert(named, at: 0)
        }
        var usable: (document: JSONObject, url: HTTPURL)?
        var rejected: (document: JSONObject, url: HTTPURL)?
        var steps: [AuthStep] = []
        var misnamed: Int?
        var other: (document: JSONObject, url: HTTPURL)?
        for place in places {
            let found = await lookForResource(at: place)
            steps += found.steps
            if place == named, found.document == nil, found.rejected == nil { misnamed = steps.indices.last }
            if let document = found.document {
                if usable == nil { usable = (document, place) } else { other = other ?? (document, place) }
            }
            if let document = found.rejected, rejected == nil { rejected = (document, place) }
        }
        if let misnamed, usable != nil || rejected != nil {
            // There is a document, but a client may not look any further than where the challenge leads.
            steps[misnamed].verdict = .fault
            steps[misnamed].problem = .challengeMetadata
            steps[misnamed].rule = .challengeMetadata
            steps[misnamed].advice =
                "Let the challenge name a URL that clients can reach: resource_metadata=\"\(WellKnown.resource(url)[0])\"."
        }
        record(steps, downgrading: usable != nil)
        if let usable, let other { compare(usable, other) }
        if usable == nil, rejected == nil {
            lacksResource = true
            usable = await lookForMisplacedResource()
        }
        if let found = usable ?? rejected {
            (resource, resourceURL) = found
            issuers = found.document["authorization_servers"]?.array?.compactMap(\.string) ?? []
            examineContent(of: found.document)
        } else {
            // As in the first revision, the server is its own authorization server.
            issuers = [url.origin]
        }
        if !isDemanded, usable != nil { reportMissingDemand() }
    }

    /// Reports documents that lead clients to another authorization server, depending on where they look first.
    private func compare(_ first: (document: JSONObject, url: HTTPURL), _ second: (document: JSONObject, url: HTTPURL))
    {
        let name = "authorization_servers"
        let isSameResource = first.document["resource"] == second.document["resource"]
        guard isSameResource, first.document[name] != second.document[name] else { return }
        add(
            .resourceMetadata,
            .warning,
            .resourceMetadata,
            "\(first.url) and \(second.url) name different authorization servers for the same resource",
            .metadataContradictory,
            advice: "Serve the same document at both URLs, or none at \(second.url)."
        )
    }

    /// A document that a later place replaces does not stop a client.
    private func record(_ steps: [AuthStep], downgrading isReplaced: Bool) {
        for var step in steps {
            let isObstacle = step.problem == .resourceMismatch || step.problem == .challengeMetadata
            if isReplaced, step.verdict == .fault, !isObstacle { step.verdict = .warning }
            if step.problem == .trailingSlash, needs(.exactResource), let host {
                step.verdict = .fault
                step.found += ", and \(host.name) compares it with the URL as entered"
                (step.rule, step.source) = (.hostRequirement, host.source)
            }
            flow.trace.add(step)
        }
    }

    private func namedPlace(_ text: String) -> HTTPURL? {
        do throws(HTTPURL.Fault) {
            return try HTTPURL(text)
        } catch {
            add(
                .challenge,
                .fault,
                .challengeMetadata,
                "resource_metadata of the challenge is \"\(Redaction.reference(text))\", which \(error)",
                .challengeMetadata,
                advice: "Name the whole URL: resource_metadata=\"\(WellKnown.resource(url)[0])\"."
            )
            return nil
        }
    }

    private struct Found {
        var document: JSONObject?
        var rejected: JSONObject?
        var steps: [AuthStep]
    }

    private func lookForResource(at place: HTTPURL) async -> Found {
        let server = url
        let isRoot = place.path == "/.well-known/oauth-protected-resource" && server.path != "/"
        var search = MetadataSearch(
            .resourceMetadata,
            rule: .resourceMetadata,
            at: [place],
            policy: flow.settings.policy,
            redirects: flow.settings.limits.redirects
        ) { document throws(MetadataSearch.Rejection) in
            do throws(ResourceMetadata.Fault) {
                return try ResourceMetadata.read(document, for: server).remark
            } catch {
                throw error.rejection
            }
        }
        var steps = await run(&search).map(\.step)
        // The root may describe another resource of the same host.
        if isRoot, search.found == nil, search.rejection?.kind == .resourceMismatch, let last = steps.indices.last {
            steps[last].verdict = .absent
            steps[last].problem = nil
        }
        return Found(document: search.found, rejected: search.rejected, steps: steps)
    }

    /// Looks at places that only servers confuse with the right ones, and reports what is there.
    private func lookForMisplacedResource() async -> (document: JSONObject, url: HTTPURL)? {
        let name = "/.well-known/oauth-protected-resource"
        let path = url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path
        let right = WellKnown.resource(url)
        var places = [WellKnown.at("\(path)\(name)", url), WellKnown.at("\(name)\(path)/", url)]
        places.append(WellKnown.at("\(name)\(path)", url))
        for place in places where !right.contains(place) {
            let found = await lookForResource(at: place)
            guard let document = found.document else { continue }
            add(
                .resourceMetadata,
                .fault,
                .resourceMetadata,
                "protected resource metadata, where no client looks for it",
                request: "GET \(place)",
                status: 200,
                .resourceMetadataMisplaced,
                advice: "Serve it at \(right[0]), or name its URL in the challenge: resource_metadata=\"\(place)\"."
            )
            return (document, place)
        }
        // Of a server that demands nothing, the metadata is not missing.
        add(
            .resourceMetadata,
            isDemanded ? .fault : .absent,
            .resourceMetadata,
            "no protected resource metadata\(isDemanded ? ": clients cannot find the authorization server" : "")",
            isDemanded ? .resourceMetadataMissing : nil,
            advice: isDemanded ? "Serve it at \(right[0])." : nil
        )
        return nil
    }

    private func reportMissingDemand() {
        add(
            .server,
            .warning,
            .everyRequest,
            "the server has metadata for authorization, but demands no token for initialize",
            .notDemanded,
            advice: "Answer requests without a valid token with 401, or remove the metadata."
        )
    }

    /// What else the document says.
    private func examineContent(of document: JSONObject) {
        let scopes = ScopeSet(document["scopes_supported"]?.array?.compactMap(\.string) ?? [])
        if scopes.contains(ScopeChoice.offlineAccess) {
            add(
                .resourceMetadata,
                .warning,
                .offlineAccess,
                "scopes_supported names offline_access",
                .offlineAccess,
                advice: "Name only the scopes of the resource: clients add offline_access themselves."
            )
        }
        guard needs(.exactResource), let name = document["resource"]?.string, name != identifier,
            case .parent = ResourceIdentifier.match(name, server: url)
        else { return }
        add(
            .resourceMetadata,
            .fault,
            .hostRequirement,
            "resource is \"\(name)\", but \(host?.name ?? "the host") compares it with the whole URL",
            .resourceMismatch,
            advice: "Set resource to \"\(identifier)\"."
        )
    }

    // MARK: - The authorization servers

    mutating func examineServerMetadata() async {
        guard isDemanded || resource != nil else { return }
        let limit = needs(.firstAuthorizationServer) ? 1 : flow.settings.limits.authorizationServers
        for issuer in issuers.prefix(limit) {
            guard let found = await lookForServer(issuer), server == nil else { continue }
            server = ServerMetadata(found.document, issuer: issuer)
            serverURL = found.url
        }
    }

    private func lookForServer(_ issuer: String) async -> (document: JSONObject, url: HTTPURL)? {
        let place: HTTPURL
        do throws(HTTPURL.Fault) {
            place = try HTTPURL(issuer)
        } catch {
            add(
                .serverMetadata,
                .fault,
                .serverMetadata,
                "the issuer \"\(Redaction.reference(issuer))\" \(error)",
                .metadataMalformed,
                advice: "Name an https URL in authorization_servers."
            )
            return nil
        }
        let right = WellKnown.server(place)
        let found = await lookForServer(issuer, at: right)
        record(found.steps, downgrading: found.document != nil)
        if let document = found.document { return document }
        if let rejected = found.rejected { return rejected }
        // The last fault is what stops a client.
        guard !found.steps.contains(where: { $0.verdict == .fault }) else { return nil }
        var wrong = [WellKnown.at(right[0].path + "/", place)]
        if place.path != "/" {
            let path = place.path.hasSuffix("/") ? String(place.path.dropLast()) : place.path
            wrong.append(WellKnown.at(path + "/.well-known/oauth-authorization-server", place))
            wrong.append(WellKnown.at("/.well-known/oauth-authorization-server", place))
            wrong.append(WellKnown.at("/.well-known/openid-configuration", place))
        }
        if place.origin != url.origin { wrong.append(WellKnown.at("/.well-known/oauth-authorization-server", url)) }
        for candidate in wrong where !right.contains(candidate) {
            guard let document = await lookForServer(issuer, at: [candidate]).document else { continue }
            add(
                .serverMetadata,
                .fault,
                .serverMetadata,
                "metadata of the issuer \(issuer), where no client looks for it",
                request: "GET \(candidate)",
                status: 200,
                .serverMetadataMisplaced,
                advice: "Serve it at \(right[0])."
            )
            return document
        }
        add(
            .serverMetadata,
            .fault,
            .serverMetadata,
            "no metadata of the authorization server \(issuer)",
            .serverMetadataMissing,
            advice: "Serve it at \(right[0]), or name another issuer in authorization_servers."
        )
        return nil
    }

    private struct FoundServer {
        var document: (document: JSONObject, url: HTTPURL)?
        var rejected: (document: JSONObject, url: HTTPURL)?
        var steps: [AuthStep]
    }

    private func lookForServer(_ issuer: String, at places: [HTTPURL]) async -> FoundServer {
        var search = MetadataSearch(
            .serverMetadata,
            rule: .serverMetadata,
            at: places,
            policy: flow.settings.policy,
            redirects: flow.settings.limits.redirects
        ) { document throws(MetadataSearch.Rejection) in
            guard let rejection = AuthorizationFlow.rejection(ofIssuerIn: document, expected: issuer) else {
                return nil
            }
            throw rejection
        }
        let steps = await run(&search)
        let last = steps.last?.url
        let rejectedAt = steps.first { $0.step.problem == .issuerMismatch }?.url
        return FoundServer(
            document: search.found.flatMap { document in last.map { (document, $0) } },
            rejected: search.rejected.flatMap { document in rejectedAt.map { (document, $0) } },
            steps: steps.map(\.step)
        )
    }
}
