#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How many descriptors this process may have open at a time (`ulimit -n`); nil if there is no limit or it is unknown.
public func openFileLimit() -> Int? {
    var limit = rlimit()
    #if canImport(Glibc)
    let code = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    #else
    let code = getrlimit(RLIMIT_NOFILE, &limit)
    #endif
    return code == 0 ? Int(exactly: limit.rlim_cur) : nil
}
