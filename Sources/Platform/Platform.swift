// The C library of this system under one name, so that no other file has to ask which one it is.

#if canImport(Darwin)
@_exported public import Darwin
#elseif canImport(Musl)
@_exported public import Musl
#elseif canImport(Glibc)
@_exported public import Glibc
#else
#error("mcp-test-mcp knows the C libraries of macOS and of Linux (Glibc and Musl).")
#endif
