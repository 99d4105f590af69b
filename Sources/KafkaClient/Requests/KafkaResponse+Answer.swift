// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

extension KafkaResponse {
    /// Reads a whole answer, its header too.
    ///
    /// - Parameters:
    ///   - frame: What the broker sent, without its size.
    ///   - version: The version that was asked in.
    /// - Throws: When it cannot be read.
    init(decodingAnswer frame: ByteBuffer, version: Int16) throws(DecodingError) {
        var body = frame
        _ = try ResponseHeader(decoding: &body, version: Self.responseHeaderVersion(of: version))
        try self.init(decoding: &body, version: version)
    }
}
