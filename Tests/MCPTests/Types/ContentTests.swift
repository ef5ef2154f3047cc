import JSON
import MCP
import Testing

@Suite struct ContentTests {
    @Test func builtBlocksAreValid() {
        let resource = Resource(uri: "file:///a", name: "a")
        let blocks: [ContentBlock] = [
            .text("hi"), .image(data: "AAAA", mimeType: "image/png"), .audio(data: "AAAA", mimeType: "audio/wav"),
            .resource(ResourceContents(uri: "file:///a", text: "x")), .resourceLink(resource),
        ]
        #expect(blocks.flatMap { $0.problems(in: .v2025_11_25) } == [])
        #expect(blocks.map(\.kind) == [.text, .image, .audio, .resource, .resourceLink])
        #expect(blocks.last?.link?.uri == "file:///a")
        #expect(blocks.first?.link == nil)
    }

    @Test func samplingContentIsOneBlockOrSeveral() {
        var message = SamplingMessage(role: .user, content: [.text("a")])
        #expect(message.json["content"]?.object != nil)
        #expect(message.problems(in: .v2024_11_05) == [])
        message.content?.append(.text("b"))
        #expect(message.content?.map(\.text) == ["a", "b"])
        #expect(message.problems(in: .v2025_06_18).map(\.pointer.description) == ["/content"])
        #expect(message.problems(in: .v2025_11_25) == [])
    }

    @Test func samplingTakesOtherKindsThanTools() {
        let message = SamplingMessage(role: .user, content: [.resource(ResourceContents(uri: "a:b", text: "x"))])
        #expect(message.problems(in: .v2025_11_25).map(\.pointer.description) == ["/content/type"])
        let use = ContentBlock(json: ["type": "tool_use", "id": "1", "name": "add", "input": [:]])
        #expect(SamplingMessage(role: .assistant, content: [use]).problems(in: .v2025_11_25) == [])
        #expect(CallToolResult(content: [use]).problems(in: .v2025_11_25).count == 1)
    }
}
