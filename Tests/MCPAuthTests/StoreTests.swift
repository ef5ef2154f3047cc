import AsyncRuntime
import Platform
import TestSupport
import Testing

@testable import MCPAuth

@Suite(.timeLimit(.minutes(5)))
struct StoreTests {
    private func mode(of path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    private func authorization(_ change: (inout Authorization) -> Void = { _ in }) async throws -> Authorization {
        let world = World()
        var authorization = try await world.flow().authorize(by: world.code(), after: challenge("Bearer scope=\"a b\""))
        change(&authorization)
        return authorization
    }

    @Test("a file keeps everything of an authorization, and only its owner can read it")
    func fileKeepsEverything() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("deep/tokens.json")
        let full = try await authorization {
            $0.client = OAuthClient(
                id: "mine",
                secret: "my-secret",
                key: SigningKey(pem: "pem", algorithm: "ES256", id: "key"),
                authentication: .privateKeyJWT,
                issuer: World.issuer,
                source: .given
            )
            $0.method = .privateKeyJWT
            $0.tokens.grantedScopes = ScopeSet(["a"])
        }
        try await FileTokenStore(path: path, clock: FakeClock(isEager: true)).save(full)
        let read = try await FileTokenStore(path: path, clock: FakeClock(isEager: true)).authorizations()
        #expect(read == [full])
        #expect(mode(of: path) == 0o600)
    }

    @Test("an entry is replaced by its key, and others stay")
    func entriesAreKeyed() async throws {
        let folder = try TemporaryFolder()
        let store = FileTokenStore(path: folder.path("tokens.json"), clock: FakeClock(isEager: true))
        let first = try await authorization()
        let otherIssuer = try await authorization { $0.issuer = "https://other.example" }
        let otherResource = try await authorization { $0.resource = ResourceIdentifier(verbatim: "https://x.example") }
        let otherClient = try await authorization { $0.client.id = "another" }
        for each in [first, otherIssuer, otherResource, otherClient] { try await store.save(each) }
        var changed = first
        changed.tokens.accessToken = "changed"
        try await store.save(changed)
        #expect(try await store.authorizations() == [changed, otherIssuer, otherResource, otherClient])
        #expect(try await store.remove(first.key))
        #expect(try await store.remove(first.key) == false)
        #expect(try await store.authorizations() == [otherIssuer, otherResource, otherClient])
    }

    @Test("a file that others can read is closed to them")
    func permissionsAreCorrected() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("tokens.json")
        let store = FileTokenStore(path: path, clock: FakeClock(isEager: true))
        try await store.save(try await authorization())
        chmod(path, 0o644)
        _ = try await store.authorizations()
        #expect(mode(of: path) == 0o600)
    }

    @Test(
        "a file that is not a token store is reported and left as it is",
        arguments: ["{", "[]", #"{"version":2}"#, "x"]
    )
    func foreignFiles(_ content: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(content, to: "tokens.json")
        let store = FileTokenStore(path: path, clock: FakeClock(isEager: true))
        #expect(await failure { try await store.authorizations() }?.kind == .store)
        let one = try await authorization()
        #expect(await failure { try await store.save(one) }?.kind == .store)
        #expect(try folder.bytes("tokens.json") == Array(content.utf8))
    }

    @Test("many writers at once lose nothing")
    func concurrentWriters() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("tokens.json")
        let template = try await authorization()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    var one = template
                    one.client.id = "client-\(number)"
                    // Each has its own descriptor, as each process has.
                    try await FileTokenStore(path: path, clock: SystemScheduler.shared).save(one)
                }
            }
            try await group.waitForAll()
        }
        let store = FileTokenStore(path: path, clock: FakeClock(isEager: true))
        #expect(Set(try await store.authorizations().map(\.client.id)).count == 20)
    }

    @Test("of many that renew one stored token at once, one asks the server", arguments: [true, false])
    func concurrentRenewal(_ isFile: Bool) async throws {
        let folder = try TemporaryFolder()
        let world = World()
        let memory = MemoryTokenStore()
        let store: @Sendable () -> any TokenStore = {
            isFile ? FileTokenStore(path: folder.path("tokens.json"), clock: SystemScheduler.shared) : memory
        }
        try await store().save(try await world.flow().authorize(by: world.code()))
        world.set("POST \(World.issuer)/token") { request in
            // A rotating server revokes everything if a refresh token comes twice.
            let isFirst = String(decoding: request.body, as: UTF8.self).contains("refresh-token-1")
            return isFirst ? World.token("access-token-2", refresh: "refresh-token-2") : World.error("invalid_grant")
        }
        let before = world.requests.count
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                let provider = TokenProvider(try world.flow(), store: store(), grant: nil)
                group.addTask { try await provider.token(after: challenge("Bearer"), refused: "access-token-1") }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(tokens == ["access-token-2"])
        #expect(world.requests.count == before + 1)
    }
}
