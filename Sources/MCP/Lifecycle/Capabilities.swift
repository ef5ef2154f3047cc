public import JSON

/// The capabilities that one side of a connection declares.
public protocol Capabilities: JSONObjectView {}

extension Capabilities {
    /// Capabilities outside the specification, by name.
    public var experimental: JSONObject? {
        get { self["experimental"] }
        set { self["experimental"] = newValue }
    }

    /// The extensions by identifier, each with its settings.
    ///
    /// Part of the schema since 2026-07-28. Peers of 2025-11-25 send it too.
    public var extensions: JSONObject? {
        get { self["extensions"] }
        set { self["extensions"] = newValue }
    }

    /// Whether a capability is declared: its value is an object or `true`.
    public func has(_ path: CapabilityPath) -> Bool {
        switch jsonValue[path.pointer] {
        case .object: true
        case .bool(let isSet): isSet
        default: false
        }
    }

    /// Whether an extension is declared.
    public func hasExtension(_ id: ExtensionID) -> Bool {
        extensions?[id.rawValue]?.object != nil
    }

    /// Declares an extension with its settings.
    public mutating func declareExtension(_ id: ExtensionID, settings: JSONObject = [:]) {
        var extensions = extensions ?? [:]
        extensions[id.rawValue] = .object(settings)
        self.extensions = extensions
    }

    /// Declares a capability, including the capabilities that contain it.
    public mutating func declare(_ path: CapabilityPath) {
        json = json.declaring(path.names[...], isFlag: path.isFlag)
    }
}

extension JSONObject {
    fileprivate func declaring(_ names: ArraySlice<String>, isFlag: Bool) -> JSONObject {
        guard let name = names.first else { return self }
        var object = self
        if isFlag, names.count == 1 {
            object[name] = true
        } else {
            object[name] = .object((self[name]?.object ?? [:]).declaring(names.dropFirst(), isFlag: isFlag))
        }
        return object
    }
}
