import JSON

/// Where a value is: its location, the name of the member that holds it, and the string whose JSON text it is in.
struct DifferencePlace {
    var pointer = JSONPointer()
    /// The string that holds the compared document as text.
    var holder: JSONPointer?
    /// The name of the nearest member; an element of an array has that of the array.
    var key = ""

    func member(_ key: String) -> DifferencePlace {
        DifferencePlace(pointer: pointer.appending(key), holder: holder, key: key)
    }

    func element(_ index: Int) -> DifferencePlace {
        DifferencePlace(pointer: pointer.appending(index), holder: holder, key: key)
    }

    /// The document that the string here holds as text.
    var document: DifferencePlace { DifferencePlace(holder: pointer, key: key) }
}
