import JSON
import MCPHTTP
import NIOCore
import NIOPosix
import NIOSSL
import Platform
import Synchronization

/// Asks a server once more for a certificate that was not trusted, to say why: the library says only that it was not.
///
/// Nothing is sent by this connection; it ends as soon as the certificates are there.
enum CertificateProbe {
    static func run(_ url: HTTPURL, on loop: any EventLoop, _ tell: @escaping @Sendable (Finding?) -> Void) {
        let box = Box()
        let context: NIOSSLContext
        do {
            context = try NIOSSLContext(configuration: .makeClientConfiguration())
        } catch {
            return tell(nil)
        }
        let done = loop.makePromise(of: Void.self)
        let limit = loop.scheduleTask(in: .seconds(2)) { done.succeed(()) }
        ClientBootstrap(group: loop).connectTimeout(.seconds(2))
            .channelInitializer { channel in
                channel.eventLoop.submit {
                    let name = IPAddress(url.host) == nil ? url.host : nil
                    let handler = try NIOSSLClientHandler(context: context, serverHostname: name) {
                        certificates,
                        verdict in
                        box.certificates.withLock { $0 = certificates }
                        verdict.succeed(NIOSSLVerificationResult.failed)
                        done.succeed(())
                    }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: url.host, port: url.port)
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    done.futureResult.whenComplete { _ in channel.close(promise: nil) }
                    channel.closeFuture.whenComplete { _ in done.succeed(()) }
                case .failure: done.succeed(())
                }
            }
        done.futureResult.whenComplete { _ in
            limit.cancel()
            tell(finding(box.certificates.withLock { $0 }, for: url))
        }
    }

    private final class Box: Sendable {
        let certificates = Mutex<[NIOSSLCertificate]>([])
    }

    private static func finding(_ certificates: [NIOSSLCertificate], for url: HTTPURL) -> Finding? {
        guard let leaf = certificates.first else { return nil }
        let now = time(nil)
        let evidence: JSONObject = [
            "certificate": .object([
                "valid_from": .string(text(leaf.notValidBefore)), "valid_until": .string(text(leaf.notValidAfter)),
                "certificates_sent": .number(JSONNumber(certificates.count)),
            ])
        ]
        if leaf.notValidAfter < now {
            return Finding(
                sentence: "it expired on \(text(leaf.notValidAfter))",
                advice: "Renew the certificate; --insecure lets a test go on, and verifies nothing.",
                evidence: evidence
            )
        }
        if leaf.notValidBefore > now {
            return Finding(sentence: "it is not valid before \(text(leaf.notValidBefore))", evidence: evidence)
        }
        // A certificate that we cannot read is refused all the same; only this explanation of it is missing then.
        if (try? CertificateNames(leaf))?.isSelfSigned == true {
            return Finding(
                sentence: "it is self-signed",
                advice:
                    "Name the certificate itself with --ca FILE, or use --insecure for a test, which verifies nothing.",
                evidence: evidence
            )
        }
        return Finding(sentence: "no authority that is known here signed it", evidence: evidence)
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

/// Who a certificate says it is for and by, as bytes that can be compared.
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
