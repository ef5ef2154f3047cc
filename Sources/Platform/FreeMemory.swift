#if canImport(Glibc)
import Glibc
#endif

/// Gives free memory of the heap back to the system; takes milliseconds if there is much of it.
///
/// Needed with glibc alone, which keeps most of what is freed between blocks that are still in use. Its header is not
/// among those that Swift imports, so the function is looked up by name.
public func returnFreeMemory() {
    #if canImport(Glibc)
    typealias Trim = @convention(c) (_ bytesToKeep: Int) -> Int32
    guard let function = dlsym(dlopen(nil, RTLD_NOW), "malloc_trim") else { return }
    _ = unsafeBitCast(function, to: Trim.self)(0)
    #endif
}
