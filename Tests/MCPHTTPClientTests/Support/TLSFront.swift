import NIOCore
import NIOPosix
import NIOSSL

/// Terminates TLS in front of a scripted server, and forwards the bytes.
final class TLSFront: Sendable {
    let port: Int
    private let channel: any Channel

    /// - Parameter isMutual: Whether it requires a client certificate.
    init(_ identity: TestCertificate, before backend: Int, isMutual: Bool = false) async throws {
        let certificates = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificate.utf8))
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.key.utf8), format: .pem))
        )
        if isMutual {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(certificates)
        }
        let context = try NIOSSLContext(configuration: configuration)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { front in
                front.eventLoop.submit {
                    try front.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                }.flatMap {
                    ClientBootstrap(group: front.eventLoop).connect(host: "127.0.0.1", port: backend)
                }.flatMap { back in
                    front.eventLoop.submit {
                        try front.pipeline.syncOperations.addHandler(Forwarder(to: back))
                        try back.pipeline.syncOperations.addHandler(Forwarder(to: front))
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func stop() {
        channel.close(promise: nil)
    }
}

private final class Forwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    init(to other: any Channel) {
        self.other = other
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
