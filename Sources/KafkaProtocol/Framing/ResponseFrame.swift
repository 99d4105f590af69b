// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// A response as it goes over the wire: size, header, body.
public enum ResponseFrame {
    /// The frame in one buffer, for a request of `version`. Throws what cannot be said in it.
    public static func encode<Response: KafkaResponse>(
        _ response: Response,
        version: Int16,
        correlationID: Int32
    ) throws(EncodingError) -> ByteBuffer {
        try builder(response, version: version, correlationID: correlationID, copiesBytes: true).whole
    }

    /// The frame as several buffers, to be written one after the other: its own bytes, and between them the records of
    /// each partition, uncopied. Together they are the bytes of `encode`. Throws in the same cases.
    public static func scattered(
        _ response: FetchResponse,
        version: Int16,
        correlationID: Int32
    ) throws(EncodingError) -> [ByteBuffer] {
        try builder(response, version: version, correlationID: correlationID, copiesBytes: false).pieces
    }

    private static func builder<Response: KafkaResponse>(
        _ response: Response,
        version: Int16,
        correlationID: Int32,
        copiesBytes: Bool
    ) throws(EncodingError) -> FrameBuilder {
        try FrameBuilder(response, version: version, copiesBytes: copiesBytes) { buffer in
            ResponseHeader(correlationID: correlationID)
                .encode(into: &buffer, version: Response.responseHeaderVersion(of: version))
        }
    }
}
