import AsyncRuntime
import MCPHTTP
import MCPHTTPClient
import Synchronization
import TestSupport
import Testing

@testable import MCPAuth

/// The redirect back to this machine, with a real socket.
@Suite(.timeLimit(.minutes(5)))
struct ListenerTests {
    /// A browser that requests a URL.
    private func browse(_ url: String, fields: [(String, String)] = [], method: String = "GET") async throws -> (
        Int, String
    ) {
        let request = try PlainRequest(to: HTTPEndpoint(url: url))
        let response = try await request.send(
            method,
            fields: fields,
            body: nil,
            within: .seconds(30),
            on: SystemScheduler.shared
        )
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    @Test("the browser's redirect ends the wait, and its page says that it worked")
    func redirectEndsTheWait() async throws {
        let world = World()
        let listener = try await RedirectListener.start(clock: FakeClock())
        let page = Latch<(Int, String)>()
        let grant = AuthorizationGrant.code(
            listener.interaction(within: .seconds(60)) { url in
                let state = FormParameters(parsing: url.query ?? "").values(of: "state").first ?? ""
                let uri = listener.redirectURI
                // What another page sends is ignored.
                for query in ["code=evil&state=other", "code=evil", ""] {
                    let answer = try? await self.browse("\(uri)?\(query)")
                    #expect(answer?.0 == 400)
                    #expect(answer?.1.contains("ignores it") == true)
                }
                Task { page.open(try await self.browse("\(uri)?code=secret-code-1&state=\(state)")) }
            }
        )
        let authorization = try await world.flow().authorize(by: grant)
        #expect(authorization.redirectURI == listener.redirectURI)
        #expect(world.forms().first?.values(of: "code") == ["secret-code-1"])
        let (status, text) = await page.wait()
        #expect(status == 200)
        #expect(text.contains("You can close this page"))
        #expect(!text.contains("secret-code-1"))
        #expect(listener.ignoredCount == 3)
        let uri = listener.redirectURI
        await listener.close()
        await #expect(throws: PlainRequest.Failure.self) { try await browse(uri) }
    }

    @Test("the page of a failure says why, without markup of the server")
    func failurePage() async throws {
        let world = World()
        world.set("POST \(World.issuer)/token") { _ in World.error("invalid_grant", text: "<script>x</script>") }
        let listener = try await RedirectListener.start(clock: FakeClock())
        let page = Latch<(Int, String)>()
        let grant = AuthorizationGrant.code(
            listener.interaction(within: .seconds(60)) { url in
                let state = FormParameters(parsing: url.query ?? "").values(of: "state").first ?? ""
                let uri = listener.redirectURI
                Task { page.open(try await self.browse("\(uri)?code=c&state=\(state)")) }
            }
        )
        #expect(await failure { try await world.flow().authorize(by: grant) }?.kind == .tokenRefused)
        let (status, text) = await page.wait()
        #expect(status == 400)
        #expect(text.contains("invalid_grant (&lt;script&gt;"))
        #expect(!text.contains("<script>"))
        await listener.close()
    }

    @Test("a pasted redirect URL ends the wait, and one of another attempt is ignored")
    func pastedURL() async throws {
        let world = World()
        let listener = try await RedirectListener.start(clock: FakeClock())
        let grant = AuthorizationGrant.code(
            listener.interaction(within: .seconds(60)) { url in
                let state = FormParameters(parsing: url.query ?? "").values(of: "state").first ?? ""
                do {
                    let paste = { (state: String) in
                        listener.accept(try Callback(pasted: "  http://127.0.0.1:1/callback?code=c\(state) "))
                    }
                    #expect(try !paste("&state=other"))
                    #expect(try !paste(""))
                    #expect(try paste("&state=\(state)"))
                } catch {
                    Issue.record(error)
                }
            }
        )
        #expect(await failure { try await world.flow().authorize(by: grant) } == nil)
        await listener.close()
        for text in ["", "code=c", "http://127.0.0.1/callback", "javascript:x"] {
            #expect(throws: AuthFailure.self) { try Callback(pasted: text) }
        }
    }

    @Test("consent that is never given ends after the limit, and a user can stop earlier")
    func consentIsLimited() async throws {
        let clock = FakeClock()
        let world = World()
        let listener = try await RedirectListener.start(clock: clock)
        let late = AuthorizationGrant.code(
            listener.interaction(within: .seconds(60)) { _ in
                Task {
                    await clock.untilPending(1)
                    clock.advance(by: .seconds(60))
                }
            }
        )
        let flow = try world.flow()
        #expect(await failure { try await flow.authorize(by: late) }?.kind == .consentTimeout)
        #expect(flow.trace.steps.last?.verdict == .fault && flow.trace.steps.last?.rule == nil)
        let foreign = AuthorizationGrant.code(
            listener.interaction(within: .milliseconds(60_500)) { _ in
                let answer = try? await self.browse("\(listener.redirectURI)?code=c&state=other")
                #expect(answer?.0 == 400)
                Task {
                    await clock.untilPending(1)
                    clock.advance(by: .milliseconds(60_500))
                }
            }
        )
        let ignored = await failure { try await world.flow().authorize(by: foreign) }
        #expect(ignored?.kind == .consentTimeout)
        #expect(
            ignored?.message
                == "the browser did not come back within 60.5 s; 1 redirect with another state was ignored"
        )
        let stopped = AuthorizationGrant.code(listener.interaction(within: .seconds(60)) { _ in listener.cancel() })
        #expect(await failure { try await world.flow().authorize(by: stopped) }?.kind == .denied)
        #expect(world.forms().isEmpty)
        await listener.close()
    }

    @Test("other paths, methods and hosts are refused")
    func otherRequests() async throws {
        let listener = try await RedirectListener.start(clock: FakeClock())
        let origin = "http://127.0.0.1:\(listener.port)"
        #expect(try await browse("\(origin)/favicon.ico").0 == 404)
        #expect(try await browse("\(origin)/callback", method: "HEAD").0 == 405)
        await listener.close()
    }

    @Test("a taken port and a host of another machine are reported")
    func cannotListen() async throws {
        let first = try await RedirectListener.start(clock: FakeClock())
        #expect(
            await failure { try await RedirectListener.start(port: first.port, clock: FakeClock()) }?.kind == .listener
        )
        #expect(
            await failure { try await RedirectListener.start(host: "0.0.0.0", clock: FakeClock()) }?.kind == .listener
        )
        #expect(
            await failure { try await RedirectListener.start(host: "example.com", clock: FakeClock()) }?.kind
                == .listener
        )
        await first.close()
    }

    @Test("a browser is opened on a desktop only, and the URL is one argument")
    func browserCommand() throws {
        let url = try HTTPURL("https://auth.example/a?x=$(id)&y=`z`;w")
        let opened = { (variables: [String: String]) in Browser.command(opening: url) { variables[$0] } }
        #expect(opened(["DISPLAY": ":0", "SSH_CONNECTION": "x"]) == nil)
        #if os(Linux)
        #expect(opened([:]) == nil)
        #expect(opened(["WAYLAND_DISPLAY": "w"])?.arguments == ["https://auth.example/a?x=$(id)&y=`z`;w"])
        #endif
    }
}
