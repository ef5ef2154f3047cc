/// What a person does at the keyboard, as far as an editor distinguishes it.
package enum Key: Hashable, Sendable {
    /// Characters that were typed.
    case text(String)
    /// Characters that were pasted at once, with their line breaks.
    case paste(String)
    /// A letter with the control key, in lower case.
    case control(Character)
    /// A character with the alt key, or after the escape key.
    case alt(Character)
    case enter
    case tab
    case backTab
    case backspace
    case delete
    case escape
    case up
    case down
    case left
    case right
    case home
    case end
    case wordLeft
    case wordRight
}
