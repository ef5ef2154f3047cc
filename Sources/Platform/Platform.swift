// The C library of this system under one name, so that no other file needs conditional imports.

#if canImport(Darwin)
@_exported public import Darwin
#elseif canImport(Musl)
@_exported public import Musl
#elseif canImport(Glibc)
@_exported public import Glibc
#else
#error("mcp-test-mcp supports the C libraries of macOS and Linux (Glibc and Musl).")
#endif
