public import JSON
import TextUtilities

/// Which part of a kept report is read.
public struct ResultSelection: Sendable {
    /// A JSON Pointer, or a JSONPath that begins with `$` (default: the whole report).
    public var select: String?
    /// How many characters (Unicode scalars) of a string, or elements of an array, to skip.
    public var offset: Int
    /// How many characters or elements to show (default: as many as fit).
    public var limit: Int?
    /// A text to search for in all strings of the selection; case does not matter.
    public var search: String?
    /// A new file for the selection: a string's text, the bytes of Base64 media, or anything else as JSON.
    public var file: String?

    /// Creates a selection.
    public init(
        select: String? = nil,
        offset: Int = 0,
        limit: Int? = nil,
        search: String? = nil,
        file: String? = nil
    ) {
        self.select = select
        self.offset = max(offset, 0)
        self.limit = limit
        self.search = search
        self.file = file
    }
}

extension TesterSession {
    /// Shows a part of a report that was too long to be shown whole.
    ///
    /// - Parameter view: How much room the caller has.
    public func readResult(_ handle: String, _ selection: ResultSelection, in view: ReportView) async -> Report {
        do throws(Failure) {
            let whole = try find(handle)
            // Parsing and searching many megabytes takes long, and a file may be on a slow disk.
            return try await offLoop { () throws(Failure) in
                try Self.read(whole, selection, bytes: view.payloadBytes)
            }
        } catch {
            return Report(error, emptyPayload: ("value", nil))
        }
    }

    /// The report with a handle.
    public func wholeResult(_ handle: String) -> JSONText? {
        do throws(ResultStore.Absence) {
            return try result(handle)
        } catch {
            return nil
        }
    }

    private func find(_ handle: String) throws(Failure) -> JSONText {
        let handle = handle.hasPrefix("@") || Int(handle) == nil ? handle : "@\(handle)"
        do throws(ResultStore.Absence) {
            return try result(handle)
        } catch {
            let known = directory.results.handles(of: resultOwner)
            let message =
                error == .expired
                ? "The result \(handle) is no longer kept: its connection was closed, or newer results needed the room."
                : "Unknown handle \"\(handle)\"."
            throw .usage(
                message,
                nextStep: known.isEmpty
                    ? "Repeat the call. A result has a handle only if a part of it was omitted."
                    : "Use one of \(known.suffix(5).joined(separator: ", ")), or repeat the call.",
                details: ["handles": .array(known.map(JSONValue.string))]
            )
        }
    }

    private static func read(_ whole: JSONText, _ selection: ResultSelection, bytes: Int) throws(Failure) -> Report {
        let matches = try select(selection.select, in: whole)
        if let file = selection.file { return try save(matches, as: file) }
        if let search = selection.search {
            return ResultSearch(search, limit: selection.limit ?? 20).report(on: matches)
        }
        guard matches.count == 1 else {
            let room = selection.limit ?? Int.max
            let shown = matches.dropFirst(selection.offset).prefix(room)
            var report = Report(.pass, "\(matches.count) values selected")
            report.add("value", .list(shown.map { .payload(JSONText($0.value)) }), detail: .core)
            report.add("pointers", .array(shown.map { .string($0.pointer.description) }))
            return report
        }
        return page(of: matches[0], selection, bytes: bytes)
    }

    // MARK: - Selecting

    private static func select(_ text: String?, in whole: JSONText) throws(Failure) -> [JSONPath.Match] {
        let document = whole.value()
        guard let text, !text.isEmpty else { return [JSONPath.Match(pointer: JSONPointer(), value: document)] }
        if text.hasPrefix("$") {
            let path: JSONPath
            do throws(JSONPath.Fault) {
                path = try JSONPath(text)
            } catch {
                throw .usage("`select` is not a JSONPath: \(error).", nextStep: "Correct it, or give a JSON Pointer.")
            }
            let matches = path.matches(in: document)
            guard matches.isEmpty else { return matches }
            throw .usage("`select` matches nothing: \(text)", nextStep: "Omit select to see what there is.")
        }
        guard let pointer = JSONPointer(text.hasPrefix("/") ? text : "/\(text)") else {
            throw .usage("`select` is not a JSON Pointer: \(text)", nextStep: "Escape ~ as ~0 and / as ~1.")
        }
        var value = document
        for (index, token) in pointer.tokens.enumerated() {
            guard let child = value.child(token) else {
                let place = JSONPointer(Array(pointer.tokens.prefix(index)))
                let names = value.object?.keys ?? []
                let close = nearest(token, among: names).map { " Did you mean \"\($0)\"?" } ?? ""
                throw .usage(
                    "`select` matches nothing: \(place.isEmpty ? "the result" : place.description) has no \"\(token)\".\(close)",
                    nextStep: names.isEmpty
                        ? value.array.map { "The array has \($0.count) elements." } ?? "It is \(value.typeName)."
                        : "It has \(names.prefix(20).joined(separator: ", "))."
                )
            }
            value = child
        }
        return [JSONPath.Match(pointer: pointer, value: value)]
    }

    // MARK: - Showing

    /// The bytes of a page whose limit was given.
    private static let maximumPage = 4 * ReportView.maximumTokens

    private static func page(of match: JSONPath.Match, _ selection: ResultSelection, bytes: Int) -> Report {
        let name = match.pointer.isEmpty ? "the result" : match.pointer.description
        // A caller who gives a limit may want more than what fits by default.
        let room = selection.limit == nil ? bytes : max(bytes, maximumPage)
        switch match.value {
        case .string(let text):
            // Scalars, because most languages count them, and counting graphemes is slow.
            let scalars = text.unicodeScalars
            let rest = scalars.dropFirst(selection.offset)
            var shown = String(String.UnicodeScalarView(rest.prefix(min(selection.limit ?? bytes, room))))
            while JSONText(.string(shown)).bytes.count > room, !shown.isEmpty {
                shown = String(
                    String.UnicodeScalarView(shown.unicodeScalars.prefix(shown.unicodeScalars.count * 3 / 4))
                )
            }
            return page(
                name,
                "characters",
                selection.offset,
                shown.unicodeScalars.count,
                of: scalars.count,
                .text(JSONText(.string(shown)))
            )
        case .array(let elements):
            let texts = elements.dropFirst(selection.offset).map { JSONText($0) }
            var left = room
            let fitting = texts.prefix { element in
                left -= element.bytes.count + 1
                return left >= 0
            }
            let count = min(selection.limit ?? .max, fitting.count)
            guard count > 0 || texts.isEmpty else {
                return page(
                    of: JSONPath.Match(
                        pointer: match.pointer.appending(selection.offset),
                        value: elements[selection.offset]
                    ),
                    selection,
                    bytes: bytes
                )
            }
            let shown = texts.prefix(count)
            return page(
                name,
                "elements",
                selection.offset,
                shown.count,
                of: elements.count,
                .list(shown.map(Report.Part.text))
            )
        case .object where selection.offset > 0 || selection.limit != nil:
            let text = JSONPath.Match(pointer: match.pointer, value: .string(JSONText(match.value).description))
            return page(of: text, selection, bytes: bytes)
        case .object(let object):
            let text = JSONText(match.value)
            var report = Report(.pass, "\(name): \(object.members.count) members")
            if text.bytes.count <= room {
                report.add("value", .text(text), detail: .core)
            } else {
                let outline = object.members.map { member in
                    JSONObject.Member(
                        key: match.pointer.appending(member.key).description,
                        value: .string(member.value.extent)
                    )
                }
                report.add("value", nil)
                report.add("outline", .object(JSONObject(outline)))
                report.nextStep = "Give one of these pointers as select."
            }
            return report
        case .null, .bool, .number:
            var report = Report(.pass, "\(name) is \(match.value)")
            report.add("value", match.value)
            return report
        }
    }

    private static func page(
        _ name: String,
        _ unit: String,
        _ offset: Int,
        _ count: Int,
        of total: Int,
        _ value: Report.Part
    ) -> Report {
        let end = min(offset + count, total)
        let isWhole = count == total
        var report = Report(
            .pass,
            isWhole ? "\(name), \(total) \(unit)" : "\(name), \(unit) \(offset) to \(end) of \(total)"
        )
        report.add("value", value, detail: .core)
        report.add("total", JSONValue(total))
        if end < total { report.add("next_offset", JSONValue(end)) }
        return report
    }

    // MARK: - Saving

    private static func save(_ matches: [JSONPath.Match], as file: String) throws(Failure) -> Report {
        guard matches.count == 1 else {
            throw .usage("`select` matches \(matches.count) values.", nextStep: "Select one value to save.")
        }
        let bytes =
            matches[0].value.string.map { Base64Media.bytes(of: $0, at: matches[0].pointer) }
            ?? Array(JSONText(matches[0].value).bytes)
        try NewFile.write(bytes, to: file)
        var report = Report(.pass, "saved \(bytes.count) bytes to \(file)")
        report.add("file", .string(file))
        report.add("bytes", JSONValue(bytes.count))
        report.add("sha256", .string(MediaSummary.sha256(bytes)))
        return report
    }
}

/// Recognizes Base64 by its place: the data of media and the blob of resources.
private enum Base64Media {
    static func bytes(of text: String, at pointer: JSONPointer) -> [UInt8] {
        let names = ["data", "blob", "content"]
        guard let name = pointer.tokens.last, names.contains(name), let bytes = Base64.decode(text.utf8), !bytes.isEmpty
        else { return Array(text.utf8) }
        return bytes
    }
}

extension JSONPointer {
    fileprivate var isEmpty: Bool { tokens.isEmpty }
}

extension JSONValue {
    fileprivate func child(_ token: String) -> JSONValue? {
        if case .array(let elements) = self {
            return Int(token).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
        }
        return self[token]
    }

    /// What it is and how large.
    fileprivate var extent: String {
        switch self {
        case .string(let text): "string of \(text.unicodeScalars.count) characters"
        case .array(let elements): "array of \(elements.count) elements, \(JSONText(self).bytes.count) bytes"
        case .object(let object): "object of \(object.members.count) members, \(JSONText(self).bytes.count) bytes"
        case .null, .bool, .number: description
        }
    }
}
