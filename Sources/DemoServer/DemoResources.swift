import JSON
import MCP
import MCPServer

extension DemoServer {
    /// Adds resources for newcomers and, if requested, the fixtures of the conformance suite.
    func addResources(to server: inout Server) throws {
        addWelcome(to: &server)
        try addWeather(to: &server)
        guard includesFixtures else { return }
        addFixtures(to: &server)
        try addTemplateFixture(to: &server)
    }

    private func addWelcome(to server: inout Server) {
        let text = """
            # Demo server

            A server for experiments. Call `echo`, `add` or `weather`, read `demo://weather/Lisbon`, or get the prompt \
            `summarize`.

            """
        var resource = Resource(
            uri: "demo://welcome",
            name: "welcome",
            description: "An overview of what the demo server offers.",
            mimeType: "text/markdown"
        )
        resource.title = "Welcome"
        resource.size = text.utf8.count
        server.add(resource) { _, request in
            .complete([ResourceContents(uri: request.uri, mimeType: "text/markdown", text: text)])
        }
    }

    private func addFixtures(to server: inout Server) {
        let text = Resource(
            uri: "test://static-text",
            name: "static-text",
            description: "Conformance fixture. A text resource.",
            mimeType: "text/plain"
        )
        server.add(text) { _, request in
            let words = "This is the content of the static text resource."
            return .complete([ResourceContents(uri: request.uri, mimeType: "text/plain", text: words)])
        }
        var binary = Resource(
            uri: "test://static-binary",
            name: "static-binary",
            description: "Conformance fixture. A binary resource (an image).",
            mimeType: "image/png"
        )
        binary.size = Samples.imageSize
        server.add(binary) { _, request in
            .complete([ResourceContents(uri: request.uri, mimeType: "image/png", blob: Samples.image)])
        }
        let watched = Resource(
            uri: "test://watched-resource",
            name: "watched-resource",
            description: "Conformance fixture. A text resource to subscribe to.",
            mimeType: "text/plain"
        )
        server.add(watched) { _, request in
            .complete([ResourceContents(uri: request.uri, mimeType: "text/plain", text: "Watched resource content.")])
        }
    }

    private func addWeather(to server: inout Server) throws {
        let weather = ResourceTemplate(
            uriTemplate: "demo://weather/{city}",
            name: "weather",
            description: "The invented weather of a city, such as demo://weather/Lisbon.",
            mimeType: "application/json"
        )
        try server.add(weather) { _, request in
            let forecast = Self.forecast(for: request["city"] ?? "", in: nil)
            return .complete([
                ResourceContents(uri: request.uri, mimeType: "application/json", text: forecast.description)
            ])
        }
        let cities = ["Berlin", "Lagos", "Lima", "Lisbon", "London", "Mumbai", "Osaka", "Toronto"]
        server.add(completionOf: "city", in: .resource("demo://weather/{city}")) { _, params in
            cities.beginning(with: params.argument?.value)
        }
    }

    private func addTemplateFixture(to server: inout Server) throws {
        let data = ResourceTemplate(
            uriTemplate: "test://template/{id}/data",
            name: "template-data",
            description: "Conformance fixture. Data that contains the ID from the URI.",
            mimeType: "application/json"
        )
        try server.add(data) { _, request in
            let id = request["id"] ?? ""
            let value: JSONValue = ["id": .string(id), "templateTest": true, "data": "Data for ID: \(id)"]
            return .complete([
                ResourceContents(uri: request.uri, mimeType: "application/json", text: value.description)
            ])
        }
    }
}

extension [String] {
    /// The strings that start with a prefix, ignoring case.
    func beginning(with typed: String?) -> [String] {
        let typed = (typed ?? "").lowercased()
        return filter { $0.lowercased().hasPrefix(typed) }
    }
}
