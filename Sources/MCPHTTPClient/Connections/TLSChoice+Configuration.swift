import JSON
import MCPTransport
import NIOSSL
import Platform

extension TLSChoice {
    /// The configuration of the TLS library.
    ///
    /// - Throws: ``TransportFailure`` of the kind `usage` if the file of certificates cannot be used.
    func configuration() throws(TransportFailure) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = verifies ? .fullVerification : .none
        guard let authorities else { return configuration }
        do {
            configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(authorities))]
        } catch {
            throw unreadable(authorities, error)
        }
        return configuration
    }

    /// The library does not say why it could not load the file.
    private func unreadable(_ file: String, _ error: any Error) -> TransportFailure {
        let reason =
            access(file, R_OK) == 0
            ? "contains no PEM certificate" : "cannot be read: \(String(cString: strerror(errno)))"
        return TransportFailure(
            .usage,
            "the --ca file \(file) \(reason)",
            advice: "Give a file of PEM certificates; it starts with -----BEGIN CERTIFICATE-----.",
            evidence: ["error": .string("\(error)")]
        )
    }
}
