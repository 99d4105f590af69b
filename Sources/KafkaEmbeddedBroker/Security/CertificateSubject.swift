// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOSSL
import SwiftASN1
import X509

/// The name in a client's certificate.
enum CertificateSubject {
    /// The subject of the certificate that the client has shown, in the form of RFC 4514, such as `CN=client,O=Example`;
    /// nil when it has shown none.
    static func of(_ context: ChannelHandlerContext) -> String? {
        guard
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate(),
            let bytes = try? certificate.toDERBytes(), let parsed = try? Certificate(derEncoded: bytes)
        else { return nil }
        return "\(parsed.subject)"
    }
}
