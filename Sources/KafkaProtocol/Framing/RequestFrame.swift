// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// A request as it goes over the wire: size, header, body.
public enum RequestFrame {
    /// The frame in one buffer.
    ///
    /// Throws what cannot be said in `version`, and for a client id of more than 32767 bytes.
    public static func encode<Request: KafkaRequest>(
        _ request: Request,
        version: Int16,
        correlationID: Int32,
        clientID: String?
    ) throws(EncodingError) -> ByteBuffer {
        let header = header(of: Request.self, version: version, correlationID: correlationID, clientID: clientID)
        return try FrameBuilder(request, version: version, copiesBytes: true, header: header.encode).whole
    }

    /// The frame as several buffers, to be written one after the other: its own bytes, and between them the records of
    /// each partition, uncopied unless they are few, if it is one of Produce. Together they are the bytes of `encode`.
    /// Throws in the same cases.
    @specialized(where Request == ProduceRequest)
    public static func scattered<Request: KafkaRequest>(
        _ request: Request,
        version: Int16,
        correlationID: Int32,
        clientID: String?
    ) throws(EncodingError) -> [ByteBuffer] {
        let header = header(of: Request.self, version: version, correlationID: correlationID, clientID: clientID)
        return try FrameBuilder(request, version: version, copiesBytes: false, header: header.encode).pieces
    }

    private static func header<Request: KafkaRequest>(
        of: Request.Type,
        version: Int16,
        correlationID: Int32,
        clientID: String?
    ) -> RequestHeader {
        RequestHeader(
            apiKey: Request.apiKey,
            apiVersion: version,
            correlationID: correlationID,
            clientID: clientID
        )
    }
}
