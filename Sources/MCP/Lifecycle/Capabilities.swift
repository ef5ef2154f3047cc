public import JSON

/// What one side of a connection can do for the other.
public protocol Capabilities: JSONObjectView {}

extension Capabilities {
    /// Capabilities beyond the specification, by name.
    public var experimental: JSONObject? {
        get { self["experimental"] }
        set { self["experimental"] = newValue }
    }

    /// Extensions by their identifier, each with its settings.
    ///
    /// Part of the schema since 2026-07-28; peers of 2025-11-25 send it too.
    public var extensions: JSONObject? {
        get { self["extensions"] }
        set { self["extensions"] = newValue }
    }

    /// Tells whether a capability was declared: an object is there, or a flag is true.
    public func has(_ path: CapabilityPath) -> Bool {
        switch jsonValue[path.pointer] {
        case .object: true
        case .bool(let isSet): isSet
        default: false
        }
    }

    /// Tells whether an extension was declared.
    public func hasExtension(_ id: ExtensionID) -> Bool {
        extensions?[id.rawValue]?.object != nil
    }

    /// Declares an extension with its settings.
    public mutating func declareExtension(_ id: ExtensionID, settings: JSONObject = [:]) {
        var extensions = extensions ?? [:]
        extensions[id.rawValue] = .object(settings)
        self.extensions = extensions
    }

    /// Declares a capability, with all that it is a part of.
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
