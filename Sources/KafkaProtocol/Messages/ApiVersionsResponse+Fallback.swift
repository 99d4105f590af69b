// SPDX-License-Identifier: Apache-2.0
public import NIOCore

extension ApiVersionsResponse {
    /// Reads the answer to a request of `version` from a broker that may not know that version.
    ///
    /// Such a broker answers UNSUPPORTED_VERSION in version 0 of the body (KIP-511), and tells there, from Kafka 2.4 on,
    /// which versions of this API it serves. Some servers answer UNSUPPORTED_VERSION with a body of another form: what
    /// follows the error code is left aside then, and `apiKeys` is empty. Whatever it holds, ask again, at the highest
    /// version of ApiVersions that it names or at 0.
    public init(decodingAnswerTo version: Int16, from buffer: inout ByteBuffer) throws(DecodingError) {
        let errorCode = buffer.getInteger(at: buffer.readerIndex).map(ErrorCode.init(rawValue:))
        guard errorCode == .unsupportedVersion else {
            try self.init(decoding: &buffer, version: version)
            return
        }
        do throws(DecodingError) {
            try self.init(decoding: &buffer, version: 0)
        } catch {
            buffer.moveReaderIndex(to: buffer.writerIndex)
            self.init(errorCode: .unsupportedVersion)
        }
    }
}
