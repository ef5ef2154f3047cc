import JSON
import MCPAuth
import MCPHTTPServer
import Synchronization
import TextUtilities

// Authorization on another device (RFC 8628).
extension DemoIssuer {
    /// In seconds.
    private static let deviceLifetime: Int64 = 300

    func beginDevice(_ request: SiteRequest) async -> SiteResponse {
        let form = FormParameters(request)
        let client: String
        switch await authenticated(request, form) {
        case .failure(let fault): return fault.response
        case .success(let id): client = id
        }
        let grant: DemoIssuerState.Grant
        switch self.grant(client, form, subject: "demo-user") {
        case .failure(let fault): return .error(fault.code, fault.text)
        case .success(let made): grant = made
        }
        let (code, userCode) = (randomIdentifier(), String(randomIdentifier().uppercased().prefix(8)))
        let device = DemoIssuerState.Device(grant: grant, userCode: userCode, expiry: now() + Self.deviceLifetime)
        guard add({ $0.devices[code] = device }) else {
            return .error("temporarily_unavailable", "too many devices", 503)
        }
        let page = settings.issuer + Page.device.rawValue
        return .json([
            "device_code": .string(code), "user_code": .string(userCode), "verification_uri": .string(page),
            "verification_uri_complete": .string("\(page)?user_code=\(userCode)"),
            "expires_in": JSONValue(Self.deviceLifetime), "interval": 1,
        ])
    }

    func devicePage(_ query: FormParameters) -> SiteResponse {
        guard let code = query["user_code"] else {
            let form = """
                <form><input name="user_code" autofocus> <button>Continue</button></form>
                """
            return .page(200, "Connect a device", "Enter the code that the device shows.", form: form)
        }
        guard settings.consent == .page else { return approve(code) }
        return .page(
            200,
            "Allow access?",
            "The device with the code \(code) asks for access.",
            form: Self.form(Page.device.rawValue, "user_code", code)
        )
    }

    func approveDevice(_ form: FormParameters) -> SiteResponse {
        guard let code = form["user_code"], form["decision"] == "allow" else {
            return .page(200, "Denied", "The device gets no access.")
        }
        return approve(code)
    }

    private func approve(_ userCode: String) -> SiteResponse {
        let isFound = state.withLock { state in
            guard let key = state.devices.first(where: { $0.value.userCode == userCode })?.key else { return false }
            state.devices[key]?.isApproved = true
            return true
        }
        return isFound
            ? .page(200, "Allowed", "The device has access now. You can close this page.")
            : .page(400, "Unknown code", "Check the code that the device shows.")
    }

    func pollDevice(_ client: String, _ form: FormParameters) -> SiteResponse {
        guard let code = form["device_code"], let device = state.withLock({ $0.devices[code] }),
            device.grant.client == client
        else { return .error("invalid_grant", "the device code is unknown or used") }
        guard device.expiry > now() else { return .error("expired_token", "the device code has expired") }
        guard device.isApproved else { return .error("authorization_pending", "the user has not decided yet") }
        // Of two polls at the same time one gets tokens.
        guard state.withLock({ $0.devices.removeValue(forKey: code) }) != nil else {
            return .error("invalid_grant", "the device code is unknown or used")
        }
        return issue(device.grant, isRenewable: true)
    }
}
