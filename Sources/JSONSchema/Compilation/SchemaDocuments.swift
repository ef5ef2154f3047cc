import JSON

/// A location in one of the documents that make up a schema.
struct SchemaLocation: Hashable {
    var document: Int
    var pointer: JSONPointer

    func appending(_ token: String) -> SchemaLocation {
        SchemaLocation(document: document, pointer: pointer.appending(token))
    }
}

/// A schema with its own URI, which is the base of the references inside it.
struct SchemaResource {
    let uri: URIReference
    let root: SchemaLocation
    let dialect: JSONSchema.Dialect
    let vocabularies: Vocabularies
    var anchors: [String: SchemaLocation] = [:]
    var dynamicAnchors: Set<String> = []
}

/// The documents that make up a schema, and the URIs and anchors in them.
///
/// Nothing is ever fetched.
struct SchemaDocuments {
    private(set) var resources: [SchemaResource] = []
    private var documents: [JSONValue] = []
    private var resourcesByURI: [String: Int] = [:]
    private var resourcesByRoot: [SchemaLocation: Int] = [:]
    private let external: [String: JSONValue]
    private let defaultDialect: JSONSchema.Dialect
    private let depthLimit: Int

    init(external: [String: JSONValue], defaultDialect: JSONSchema.Dialect, depthLimit: Int) {
        self.external = Dictionary(
            external.map { (URIReference($0.key).withoutFragment, $0.value) },
            uniquingKeysWith: { $1 }
        )
        self.defaultDialect = defaultDialect
        self.depthLimit = depthLimit
    }

    // MARK: - Lookup

    func value(at location: SchemaLocation) -> JSONValue? {
        documents[location.document][location.pointer]
    }

    func resource(rootedAt location: SchemaLocation) -> Int? {
        resourcesByRoot[location]
    }

    /// The innermost resource that contains a location.
    func resource(around location: SchemaLocation) -> Int? {
        var tokens = location.pointer.tokens
        while true {
            let root = SchemaLocation(document: location.document, pointer: JSONPointer(tokens))
            if let index = resourcesByRoot[root] { return index }
            guard tokens.popLast() != nil else { return nil }
        }
    }

    /// The resource with that URI: one read before, one that was given, or a metaschema.
    mutating func resource(for uri: String) throws(JSONSchemaError) -> Int? {
        if let index = resourcesByURI[uri] { return index }
        guard let document = external[uri] ?? Metaschemas[uri] else { return nil }
        return try add(document, retrievedFrom: uri)
    }

    // MARK: - Adding

    /// Adds a document and registers every URI and anchor in it.
    mutating func add(_ document: JSONValue, retrievedFrom uri: String) throws(JSONSchemaError) -> Int {
        documents.append(document)
        let root = SchemaLocation(document: documents.count - 1, pointer: JSONPointer())
        let dialect = try declaredDialect(of: document, at: root, in: uri) ?? (defaultDialect, .standard)
        var own = URIReference(uri)
        if let id = Self.identifier(of: document, in: dialect.0) { own = URIReference(id).resolved(against: own) }
        let resource = addResource(own, root: root, dialect: dialect)
        // Registered under both its own `$id` and the URI that referred to it.
        if resourcesByURI[uri] == nil { resourcesByURI[uri] = resource }
        try scan(document, at: root, in: resource, depth: 0)
        return resource
    }

    /// The `$id` of a schema.
    ///
    /// In draft-07 nil if it only names an anchor or has a `$ref` next to it.
    private static func identifier(of schema: JSONValue, in dialect: JSONSchema.Dialect) -> String? {
        guard let id = schema["$id"]?.string, !id.hasPrefix("#"), dialect != .draft07 || schema["$ref"] == nil else {
            return nil
        }
        return id
    }

    private mutating func addResource(
        _ uri: URIReference,
        root: SchemaLocation,
        dialect: (JSONSchema.Dialect, Vocabularies)
    ) -> Int {
        resources.append(SchemaResource(uri: uri, root: root, dialect: dialect.0, vocabularies: dialect.1))
        let index = resources.count - 1
        if resourcesByURI[uri.withoutFragment] == nil { resourcesByURI[uri.withoutFragment] = index }
        resourcesByRoot[root] = index
        return index
    }

    private mutating func scan(
        _ schema: JSONValue,
        at location: SchemaLocation,
        in outer: Int,
        depth: Int
    ) throws(JSONSchemaError) {
        guard case .object(let object) = schema else { return }
        guard depth < depthLimit else {
            throw fault(.tooLarge, at: location, in: outer, "the schema nests deeper than \(depthLimit) levels")
        }
        let resource = try identify(object, at: location, in: outer)
        let shapes = SubschemaKeywords.shapes(of: resources[resource].dialect)
        for member in object.members {
            guard let shape = shapes[member.key] else { continue }
            let place = location.appending(member.key)
            switch (shape, member.value) {
            case (.schemas, .array(let elements)), (.schemaOrSchemas, .array(let elements)):
                for (index, element) in elements.enumerated() {
                    try scan(element, at: place.appending(String(index)), in: resource, depth: depth + 1)
                }
            case (.named, .object(let named)), (.namedOrLists, .object(let named)):
                for entry in named.members {
                    try scan(entry.value, at: place.appending(entry.key), in: resource, depth: depth + 1)
                }
            case (.schema, let value), (.schemaOrSchemas, let value):
                try scan(value, at: place, in: resource, depth: depth + 1)
            case (.schemas, _), (.named, _), (.namedOrLists, _): break
            }
        }
    }

    /// Registers `$id` and anchors of one schema and returns the resource that it belongs to.
    private mutating func identify(
        _ schema: JSONObject,
        at location: SchemaLocation,
        in outer: Int
    ) throws(JSONSchemaError) -> Int {
        let isOld = resources[outer].dialect == .draft07
        // Draft-07 ignores all keywords next to a reference.
        if isOld, schema["$ref"] != nil { return outer }
        var resource = outer
        if let id = schema["$id"]?.string {
            let uri = URIReference(id).resolved(against: resources[outer].uri)
            if isOld, let anchor = uri.fragment, !anchor.isEmpty { resources[outer].anchors[anchor] = location }
            if resourcesByRoot[location] == nil,
                Self.identifier(of: .object(schema), in: resources[outer].dialect) != nil
            {
                let own = try declaredDialect(of: .object(schema), at: location, in: uri.withoutFragment)
                let inherited = (resources[outer].dialect, resources[outer].vocabularies)
                resource = addResource(uri, root: location, dialect: own ?? inherited)
            }
        }
        guard !isOld else { return resource }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let name = schema[keyword]?.string else { continue }
            resources[resource].anchors[name] = location
            if keyword == "$dynamicAnchor" { resources[resource].dynamicAnchors.insert(name) }
        }
        return resource
    }

    // MARK: - Dialects

    private mutating func declaredDialect(
        of schema: JSONValue,
        at location: SchemaLocation,
        in document: String
    ) throws(JSONSchemaError) -> (JSONSchema.Dialect, Vocabularies)? {
        guard let declared = schema["$schema"] else { return nil }
        let place = location.pointer.appending("$schema")
        guard let uri = declared.string else {
            throw JSONSchemaError(.invalidSchema, at: place, of: document, "`$schema` must be a string with a URI")
        }
        if let dialect = JSONSchema.Dialect(schemaURI: uri) { return (dialect, .standard) }
        guard let metaschema = external[URIReference(uri).withoutFragment],
            let base = metaschema["$schema"]?.string.flatMap(JSONSchema.Dialect.init(schemaURI:))
        else {
            let known = JSONSchema.Dialect.allCases.map { "\"\($0.uri)\"" }.joined(separator: " or ")
            throw JSONSchemaError(
                .unsupportedDialect(uri),
                at: place,
                of: document,
                "the dialect \"\(uri)\" is not supported; use \(known) (default: the first)"
            )
        }
        guard let chosen = metaschema["$vocabulary"]?.object else { return (base, .standard) }
        var vocabularies: Vocabularies = .core
        for entry in chosen.members {
            if let vocabulary = Vocabularies(uri: entry.key) {
                vocabularies.insert(vocabulary)
            } else if entry.value == true {
                throw JSONSchemaError(
                    .unsupportedDialect(uri),
                    at: place,
                    of: document,
                    "the metaschema \"\(uri)\" requires the vocabulary \"\(entry.key)\", which is not supported"
                )
            }
        }
        return (base, vocabularies)
    }

    func fault(
        _ kind: JSONSchemaError.Kind,
        at location: SchemaLocation,
        in resource: Int,
        _ message: String
    ) -> JSONSchemaError {
        let document = resources.first {
            $0.root == SchemaLocation(document: location.document, pointer: JSONPointer())
        }
        return JSONSchemaError(
            kind,
            at: location.pointer,
            of: (document ?? resources[resource]).uri.withoutFragment,
            message
        )
    }
}
