#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The number of columns of the terminal that a descriptor refers to; nil if it is not a terminal or does not say.
public func terminalColumns(_ descriptor: Int32) -> Int? {
    var size = winsize()
    guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
    return size.ws_col == 0 ? nil : Int(size.ws_col)
}
