#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
@preconcurrency import Musl
#else
// `environ` is shared state of the C library. Changing it while other threads run is undefined in C as well.
@preconcurrency import Glibc
#endif

/// The variables of this process as the C library keeps them: a nil-terminated array of `NAME=value` strings.
public func processEnvironment() -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    #if canImport(Darwin)
    _NSGetEnviron().pointee
    #else
    environ
    #endif
}
