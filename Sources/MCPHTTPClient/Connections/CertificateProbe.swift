import JSON
import MCPHTTP
import NIOCore
import NIOPosix
import NIOSSL
import Platform

/// Connects to a server again to find out why its certificate is not trusted: the library says only that it is not.
///
/// Nothing is sent on this connection. It is closed as soon as the certificates have arrived.
enum CertificateProbe {
    static func run(
        _ url: HTTPURL,
        on loop: any EventLoop,
        _ completion: @escaping @Sendable (FailureDetails?) -> Void
    ) {
        let context: NIOSSLContext
        do {
            context = try NIOSSLContext(configuration: .makeClientConfiguration())
        } catch {
            return completion(nil)
        }
        let certificates = loop.makePromise(of: [NIOSSLCertificate].self)
        let limit = loop.scheduleTask(in: .seconds(2)) { certificates.succeed([]) }
        ClientBootstrap(group: loop).connectTimeout(.seconds(2))
            .channelInitializer { channel in
                channel.eventLoop.submit {
                    let name = IPAddress(url.host) == nil ? url.host : nil
                    let handler = try NIOSSLClientHandler(context: context, serverHostname: name) { chain, verdict in
                        verdict.succeed(NIOSSLVerificationResult.failed)
                        certificates.succeed(chain)
                    }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: url.host, port: url.port)
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    certificates.futureResult.whenComplete { _ in channel.close(promise: nil) }
                    channel.closeFuture.whenComplete { _ in certificates.succeed([]) }
                case .failure: certificates.succeed([])
                }
            }
        certificates.futureResult.whenSuccess { chain in
            limit.cancel()
            completion(details(chain))
        }
    }

    private static func details(_ certificates: [NIOSSLCertificate]) -> FailureDetails? {
        guard let leaf = certificates.first else { return nil }
        let now = time(nil)
        let evidence: JSONObject = [
            "certificate": .object([
                "valid_from": .string(text(leaf.notValidBefore)), "valid_until": .string(text(leaf.notValidAfter)),
                "certificates_sent": .number(JSONNumber(certificates.count)),
            ])
        ]
        if leaf.notValidAfter < now {
            return FailureDetails(
                sentence: "it expired on \(text(leaf.notValidAfter))",
                advice: "Renew the certificate, or use --insecure in a test: it verifies nothing.",
                evidence: evidence
            )
        }
        if leaf.notValidBefore > now {
            return FailureDetails(sentence: "it is not valid before \(text(leaf.notValidBefore))", evidence: evidence)
        }
        // A certificate that cannot be parsed is rejected all the same; only this explanation is missing.
        if (try? CertificateNames(leaf))?.isSelfSigned == true {
            return FailureDetails(
                sentence: "it is self-signed",
                advice: "Give the certificate itself with --ca FILE, or use --insecure in a test: it verifies nothing.",
                evidence: evidence
            )
        }
        return FailureDetails(sentence: "it was not signed by a known authority", evidence: evidence)
    }

    private static func text(_ seconds: time_t) -> String {
        var (seconds, parts) = (seconds, tm())
        gmtime_r(&seconds, &parts)
        let digits = { (number: Int32, count: Int) in
            String(repeating: "0", count: max(0, count - String(number).count)) + String(number)
        }
        return "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
    }
}

/// The subject and the issuer of a certificate, as bytes to compare.
private struct CertificateNames {
    let isSelfSigned: Bool

    /// Walks to the two names: Certificate → TBSCertificate → [version], serial, signature, issuer, validity, subject.
    ///
    /// Source: RFC 5280, section 4.1.
    init(_ certificate: NIOSSLCertificate) throws {
        var outer = Elements(try certificate.toDERBytes()[...])
        var whole = Elements(outer.next()?.content ?? [])
        var fields = Elements(whole.next()?.content ?? [])
        var first = fields.next()
        if first?.tag == 0xA0 { first = fields.next() }
        _ = fields.next()
        let issuer = fields.next()
        _ = fields.next()
        let subject = fields.next()
        isSelfSigned = issuer != nil && issuer?.content == subject?.content
    }

    private struct Elements {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) {
            rest = bytes
        }

        mutating func next() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
            guard let tag = rest.popFirst(), let short = rest.popFirst() else { return nil }
            var length = Int(short)
            if short & 0x80 != 0 {
                let count = Int(short & 0x7F)
                guard count <= 4, count <= rest.count else { return nil }
                length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(count)
            }
            guard length <= rest.count else { return nil }
            defer { rest = rest.dropFirst(length) }
            return (tag, rest.prefix(length))
        }
    }
}
