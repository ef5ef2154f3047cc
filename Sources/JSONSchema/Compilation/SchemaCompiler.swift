import JSON

/// Compiles a schema, and all that it refers to, into a program.
///
/// Subschemas are queued rather than compiled recursively: cycles end, and no depth overflows the stack.
struct SchemaCompiler {
    private(set) var documents: SchemaDocuments
    private(set) var program = Program()
    private let assertsFormats: Bool
    private let limits: JSONSchemaLimits
    private var numbers: [SchemaLocation: Int] = [:]
    private var queue: [(value: JSONValue, location: SchemaLocation)] = []

    init(_ documents: SchemaDocuments, assertsFormats: Bool, limits: JSONSchemaLimits) {
        self.documents = documents
        self.assertsFormats = assertsFormats
        self.limits = limits
    }

    mutating func compile(_ schema: JSONValue) throws(JSONSchemaError) -> Program {
        let resource = try documents.add(schema, retrievedFrom: "")
        program.root = try number(of: schema, at: documents.resources[resource].root, in: resource)
        var next = 0
        while next < queue.count {
            let (value, location) = queue[next]
            try compileSubschema(next, value, at: location)
            next += 1
        }
        program.resourceURIs = documents.resources.map { $0.uri.isAbsolute ? $0.uri.withoutFragment : "" }
        return program
    }

    // MARK: - Subschemas

    /// The index of the subschema at a location.
    ///
    /// Queues the subschema when it is new.
    private mutating func number(
        of value: JSONValue,
        at location: SchemaLocation,
        in outer: Int
    ) throws(JSONSchemaError) -> Int {
        if let number = numbers[location] { return number }
        let resource = documents.resource(rootedAt: location) ?? outer
        guard program.subschemas.count < limits.subschemas else {
            throw documents.fault(
                .tooLarge,
                at: location,
                in: resource,
                "the schema has more than \(limits.subschemas) subschemas"
            )
        }
        let number = program.subschemas.count
        numbers[location] = number
        let depth = documents.resources[resource].root.pointer.tokens.count
        let pointer = JSONPointer(Array(location.pointer.tokens.dropFirst(depth)))
        program.subschemas.append(Subschema(resource: resource, pointer: pointer))
        queue.append((value, location))
        if program.dynamicAnchors[resource] == nil { try numberDynamicAnchors(of: resource) }
        return number
    }

    private mutating func numberDynamicAnchors(of resource: Int) throws(JSONSchemaError) {
        program.dynamicAnchors[resource] = [:]
        for name in documents.resources[resource].dynamicAnchors {
            guard let location = documents.resources[resource].anchors[name], let value = documents.value(at: location)
            else { continue }
            let number = try number(of: value, at: location, in: resource)
            program.dynamicAnchors[resource]?[name] = number
        }
    }

    private mutating func compileSubschema(
        _ number: Int,
        _ value: JSONValue,
        at location: SchemaLocation
    ) throws(JSONSchemaError) {
        let resource = program.subschemas[number].resource
        switch value {
        case .bool(true): return
        case .bool(false):
            program.subschemas[number].keywords = [Keyword(name: "false", rule: .assertion(.never))]
            program.subschemas[number].refusesAll = true
        case .object(let object):
            let owner = documents.resources[resource]
            let reader = KeywordReader(
                object: object,
                location: location,
                resource: resource,
                dialect: owner.dialect,
                vocabularies: owner.vocabularies,
                assertsFormats: assertsFormats || owner.vocabularies.contains(.formatAssertion)
            )
            program.subschemas[number].keywords = try reader.read(with: &self)
        default:
            throw documents.fault(
                .invalidSchema,
                at: location,
                in: resource,
                "a schema must be an object or a boolean, not \(MessageFormatter.brief(value))"
            )
        }
    }

    // MARK: - Requests of keywords

    mutating func child(_ value: JSONValue, at location: SchemaLocation, in resource: Int) throws(JSONSchemaError)
        -> Int
    {
        try number(of: value, at: location, in: resource)
    }

    mutating func trackEvaluation() {
        program.tracksEvaluation = true
    }

    /// The subschema that a reference points to, and the dynamic anchor if it names one.
    mutating func target(
        of reference: String,
        at location: SchemaLocation,
        in resource: Int
    ) throws(JSONSchemaError) -> (number: Int, dynamicAnchor: String?) {
        let uri = URIReference(reference).resolved(against: documents.resources[resource].uri)
        let unresolvable = JSONSchemaError.Kind.unresolvableReference(reference)
        guard let target = try documents.resource(for: uri.withoutFragment) else {
            throw documents.fault(
                unresolvable,
                at: location,
                in: resource,
                "\(MessageFormatter.quote(reference)) points to another document, and external references are never fetched; "
                    + "put that schema under `$defs` and refer to it there"
            )
        }
        let root = documents.resources[target].root
        // A fragment that cannot be decoded points to nothing.
        let fragment = (uri.fragment ?? "").percentDecoded
        if let fragment, let steps = JSONPointer(fragment) {
            let place = SchemaLocation(
                document: root.document,
                pointer: JSONPointer(root.pointer.tokens + steps.tokens)
            )
            if let value = documents.value(at: place) {
                let owner = documents.resource(around: place) ?? target
                return (try number(of: value, at: place, in: owner), nil)
            }
        } else if let fragment, let place = documents.resources[target].anchors[fragment],
            let value = documents.value(at: place)
        {
            let isDynamic = documents.resources[target].dynamicAnchors.contains(fragment)
            return (try number(of: value, at: place, in: target), isDynamic ? fragment : nil)
        }
        throw documents.fault(
            unresolvable,
            at: location,
            in: resource,
            "\(MessageFormatter.quote(reference)) does not exist in the document it points to"
        )
    }
}
