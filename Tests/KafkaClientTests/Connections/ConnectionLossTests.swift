// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Platform
import Testing

@testable import KafkaClient

/// Why a connection was lost, in words.
@Suite("ConnectionLoss")
struct ConnectionLossTests {
    @Test(
        "no name of a type, a function or a field comes out, whatever the transport throws",
        arguments: [
            (IOError(errnoCode: ECONNREFUSED, reason: "connect(descriptor:addr:size:)"), "Connection refused"),
            (IOError(errnoCode: EMFILE, reason: "socket"), "Too many open files (raise ulimit -n)"),
            (SocketAddressError.unsupported, "the host name could not be resolved"),
            (ChannelError.connectTimeout(.seconds(2)), "no answer within 2000 ms"),
            (ChannelError.ioOnClosedChannel, "the connection was closed"),
            (CancellationError(), "the connection failed"),
        ] as [(any Error, String)]
    )
    func words(error: any Error, expected: String) {
        #expect(ConnectionLoss(error).reason == expected)
        #expect(ConnectionLoss(error).isByPeer && ConnectionLoss(error).mismatch == nil)
    }

    @Test("bytes that this side could not take are no sign of a peer that closes; none means that it has closed")
    func ends() {
        let own = ConnectionLoss(ConnectionError(reason: "it \(ListenerMismatch.tls)", mismatch: .tls))
        #expect(!own.isByPeer && own.mismatch == .tls && own.reason.hasPrefix("it looks like TLS"))
        #expect(ConnectionLoss(nil).isByPeer && ConnectionLoss(nil).reason == "the broker closed the connection")
    }
}
