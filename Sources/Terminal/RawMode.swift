import Platform
import Synchronization

/// Turns the line discipline of a terminal off and on again: while it is off, each key arrives at once and without an echo.
///
/// Output is processed as usual, so that a line feed alone begins a new line.
package final class RawMode: Sendable {
    private let descriptor: Int32
    /// The settings as they were before; nil while the mode is off.
    private let former = Mutex<termios?>(nil)

    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Turns the mode on.
    ///
    /// - Returns: False if the descriptor is not a terminal.
    @discardableResult
    package func enter() -> Bool {
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { return false }
        former.withLock { if $0 == nil { $0 = settings } }
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        settings.c_iflag &= ~tcflag_t(ICRNL | INLCR | IXON)
        withUnsafeMutableBytes(of: &settings.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        return tcsetattr(descriptor, TCSADRAIN, &settings) == 0
    }

    /// Turns the mode off.
    package func leave() {
        former.withLock { former in
            guard var settings = former else { return }
            tcsetattr(descriptor, TCSADRAIN, &settings)
            former = nil
        }
    }
}
