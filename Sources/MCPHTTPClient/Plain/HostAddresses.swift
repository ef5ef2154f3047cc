import AsyncRuntime
import MCPHTTP
import Platform

/// The addresses of a host name, as the system resolves it.
enum HostAddresses {
    /// Resolves a name or reads an address; empty if the name is unknown.
    static func resolve(_ host: String) async -> [(address: IPAddress, text: String)] {
        if let address = IPAddress(host) { return [(address, host)] }
        let result = Latch<[String]>()
        let run: @Sendable () -> Void = { result.open(lookUp(host)) }
        do {
            // getaddrinfo(3) blocks.
            try startThread(run)
        } catch {
            run()
        }
        let texts = await result.waitUnlessCancelled() ?? []
        return texts.compactMap { text in IPAddress(text).map { ($0, text) } }
    }

    private static func lookUp(_ host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var texts: [String] = []
        var next = list
        while let entry = next {
            var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let isText = getnameinfo(
                entry.pointee.ai_addr,
                entry.pointee.ai_addrlen,
                &buffer,
                socklen_t(buffer.count),
                nil,
                0,
                NI_NUMERICHOST
            )
            let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if isText == 0, !texts.contains(text) { texts.append(text) }
            next = entry.pointee.ai_next
        }
        return texts
    }
}
