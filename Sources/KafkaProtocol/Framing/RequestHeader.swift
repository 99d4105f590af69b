// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// What goes before the body of a request.
///
///     apiKey 2 · apiVersion 2 · correlationID 4 · clientID nullable string, from header version 1 · tagged fields, from 2
///
/// The client id keeps its old form, with a 16-bit length, in all versions, so that a broker can read the header of an
/// ApiVersions request that is newer than itself.
public struct RequestHeader: Hashable, Sendable {
    /// The API called.
    public var apiKey: APIKey
    /// The version of the request, which sets that of the header.
    public var apiVersion: Int16
    /// Comes back in the response.
    public var correlationID: Int32
    /// The client's name for logs and quotas, or null. Kafka's `client.id`.
    public var clientID: String?

    /// A header.
    public init(apiKey: APIKey, apiVersion: Int16, correlationID: Int32, clientID: String?) {
        self.apiKey = apiKey
        self.apiVersion = apiVersion
        self.correlationID = correlationID
        self.clientID = clientID
    }

    /// 0, 1 or 2.
    public var headerVersion: Int16 {
        apiKey.requestHeaderVersion(of: apiVersion)
    }

    /// Reads the header off the front of `buffer` and leaves the body. The API and its version may be unknown; the
    /// header is taken for version 1 when the API is.
    public init(decoding buffer: inout ByteBuffer) throws(DecodingError) {
        do throws(DecodingError) {
            apiKey = try APIKey(rawValue: buffer.decodeInteger())
            apiVersion = try buffer.decodeInteger()
            correlationID = try buffer.decodeInteger()
            let version = apiKey.requestHeaderVersion(of: apiVersion)
            clientID = version >= 1 ? try buffer.decodeNullableString(isCompact: false) : nil
            if version >= 2 { try buffer.skipTaggedFields() }
        } catch {
            throw error.within("RequestHeader")
        }
    }

    /// Appends the header to `buffer`. Throws for a client id of more than 32767 bytes.
    public func encode(into buffer: inout ByteBuffer) throws(EncodingError) {
        buffer.writeMultipleIntegers(apiKey.rawValue, apiVersion, correlationID)
        do throws(EncodingError) {
            if headerVersion >= 1 { try buffer.encode(clientID, isCompact: false) }
        } catch {
            throw error.within("RequestHeader.clientId")
        }
        if headerVersion >= 2 { buffer.encode(unsignedVarint: 0) }
    }
}
