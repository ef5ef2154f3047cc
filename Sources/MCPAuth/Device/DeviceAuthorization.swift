import AsyncRuntime
import JSON
public import MCPHTTP

/// What the user must do for the device grant.
public struct DevicePrompt: Sendable, Hashable {
    /// The page to open.
    public var url: HTTPURL
    /// The page with the code filled in; nil if the server has none.
    public var completeURL: HTTPURL?
    /// The code to enter.
    public var userCode: String
}

/// The response to a device authorization request.
///
/// Source: RFC 8628, section 3.2.
struct DeviceAuthorization: Sendable {
    let deviceCode: String
    let prompt: DevicePrompt
    let lifetime: Duration
    let interval: Duration

    init(_ document: JSONObject) throws(JSONBody.Fault) {
        guard let code = document["device_code"]?.string, !code.isEmpty else {
            throw JSONBody.Fault(reason: "a response without device_code")
        }
        guard let userCode = document["user_code"]?.string, !userCode.isEmpty else {
            throw JSONBody.Fault(reason: "a response without user_code")
        }
        // The user opens these pages, so their hosts are the user's decision.
        guard let url = Self.url(document["verification_uri"]?.string) else {
            throw JSONBody.Fault(reason: "a response without a usable verification_uri")
        }
        deviceCode = code
        prompt = DevicePrompt(
            url: url,
            completeURL: Self.url(document["verification_uri_complete"]?.string),
            userCode: userCode
        )
        lifetime = .seconds(min(max(document["expires_in"]?.double ?? 300, 1), 86_400))
        interval = .seconds(min(max(document["interval"]?.double ?? 5, 0), 60))
    }

    private static func url(_ text: String?) -> HTTPURL? {
        guard let text else { return nil }
        do throws(HTTPURL.Fault) {
            return try HTTPURL(text)
        } catch {
            return nil
        }
    }
}

/// The polling of the device grant, as a value.
///
/// Source: RFC 8628, section 3.5.
struct DevicePolling: Sendable {
    /// How long to wait before the next request.
    private(set) var interval: Duration
    private let deadline: ContinuousClock.Instant
    private let lifetime: Duration

    init(_ start: DeviceAuthorization, limit: Duration, clock: any Scheduler) {
        // A server that asks for no pause would be flooded.
        interval = max(start.interval, .seconds(1))
        lifetime = min(start.lifetime, limit)
        deadline = clock.now.advanced(by: lifetime)
    }

    /// How long the user has, in seconds.
    var lifetimeText: String { "\(lifetime.components.seconds) s" }

    func isExpired(at now: ContinuousClock.Instant) -> Bool { now >= deadline }

    /// Whether the response says that the user has not decided yet.
    mutating func mustGoOn(after outcome: MetadataSearch.Outcome) -> Bool {
        switch outcome {
        // Source: RFC 8628, section 3.5: after a timeout, poll less often.
        case .failure(let failure):
            guard !failure.isRefusedAddress else { return false }
            interval = min(interval * 2, .seconds(60))
            return true
        case .success(let response):
            guard response.status != 200, case .success(let document) = JSONBody.object(response) else { return false }
            switch document["error"]?.string {
            case "authorization_pending": return true
            case "slow_down":
                interval += .seconds(5)
                return true
            default: return false
            }
        }
    }
}
