// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// What goes before the body of a response: the correlation id and, in version 1, tagged fields.
public struct ResponseHeader: Hashable, Sendable {
    /// The one of the request that is answered.
    public var correlationID: Int32

    /// A header.
    public init(correlationID: Int32) {
        self.correlationID = correlationID
    }

    /// Reads the header, of version `version`, off the front of `buffer` and leaves the body. The version follows from
    /// the request that is answered: `APIKey.responseHeaderVersion(of:)`.
    public init(decoding buffer: inout ByteBuffer, version: Int16) throws(DecodingError) {
        do throws(DecodingError) {
            correlationID = try buffer.decodeInteger()
            if version >= 1 { try buffer.skipTaggedFields() }
        } catch {
            throw error.within("ResponseHeader")
        }
    }

    /// Appends the header, of version `version`, to `buffer`.
    public func encode(into buffer: inout ByteBuffer, version: Int16) {
        buffer.writeInteger(correlationID)
        if version >= 1 { buffer.encode(unsignedVarint: 0) }
    }
}
