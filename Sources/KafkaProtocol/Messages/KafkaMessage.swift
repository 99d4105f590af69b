// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// The body of a request or of a response, without size and header, in any version that this library knows.
public protocol KafkaMessage: FieldStructure {
    /// The API that the message belongs to.
    static var apiKey: APIKey { get }
    /// The versions that can be read and written.
    static var validVersions: ClosedRange<Int16> { get }
}

/// What a client asks.
public protocol KafkaRequest: KafkaMessage {
    /// What a broker answers.
    associatedtype Response: KafkaResponse
}

/// What a broker answers.
public protocol KafkaResponse: KafkaMessage {
    /// What a client asked.
    associatedtype Request: KafkaRequest where Request.Response == Self
}

/// An answer that tells for how long the broker throttles the client: all that a client may ask of a broker, once a
/// connection is ready, is answered by one.
public protocol ThrottledResponse: KafkaResponse {
    /// The first version whose throttle time asks the client to pause (KIP-219). In earlier ones the broker itself has
    /// waited so long before it answered.
    static var firstPausingVersion: Int16 { get }
    /// Milliseconds for which the broker throttles the client.
    var throttleTimeMs: Int32 { get }
}

extension ThrottledResponse {
    /// Milliseconds for which a client that asked in `version` sends nothing to the broker; 0 for none.
    public func pauseMilliseconds(version: Int16) -> Int32 {
        version >= Self.firstPausingVersion ? max(0, throttleTimeMs) : 0
    }
}

// The messages that travel with every batch have their own copies of reading and writing: called from another module,
// a generic function is not specialized by itself, and takes ten times as long (measured).
extension KafkaMessage {
    /// Reads a body, which must be all that `buffer` holds.
    ///
    /// Tagged fields that this library does not know are passed over. Throws for a version outside of `validVersions`,
    /// for anything that is not such a message, and for bytes left over.
    @specialized(where Self == ProduceRequest)
    @specialized(where Self == ProduceResponse)
    @specialized(where Self == FetchResponse)
    public init(decoding buffer: inout ByteBuffer, version: Int16) throws(DecodingError) {
        self.init()
        do throws(DecodingError) {
            guard Self.validVersions.contains(version) else {
                throw DecodingError(.unsupportedVersion(version), offset: 0)
            }
            var reader = FieldReader(buffer.slice(), version: version, isFlexible: Self.isFlexible(version))
            try reader.structure(&self)
            try reader.finish()
            buffer.moveReaderIndex(to: buffer.writerIndex)
        } catch {
            throw error.within("\(Self.self) v\(version)")
        }
    }

    /// Appends the body to `buffer`.
    ///
    /// Throws for a version outside of `validVersions`, for a string too long, and when a field that must not be
    /// ignored has a value that `version` cannot say; `buffer` is as it was then.
    public func encode(into buffer: inout ByteBuffer, version: Int16) throws(EncodingError) {
        var writer = FieldWriter(buffer, version: version, isFlexible: Self.isFlexible(version))
        buffer = ByteBuffer()  // so that the writer owns the bytes alone and appends in place
        let start = writer.buffer.writerIndex
        defer { buffer = writer.buffer }
        do throws(EncodingError) {
            try write(to: &writer)
        } catch {
            writer.buffer.moveWriterIndex(to: start)
            throw error
        }
    }

    /// Appends the body by means of `writer`, which is of a version of this message.
    @specialized(where Self == ProduceRequest)
    @specialized(where Self == ProduceResponse)
    @specialized(where Self == FetchResponse)
    func write(to writer: inout FieldWriter) throws(EncodingError) {
        do throws(EncodingError) {
            guard Self.validVersions.contains(writer.version) else {
                throw EncodingError(.unsupportedVersion(writer.version))
            }
            var message = self
            try writer.structure(&message)
        } catch {
            throw error.within("\(Self.self)")
        }
    }

    /// Whether `version` has compact lengths and tagged fields (KIP-482).
    public static func isFlexible(_ version: Int16) -> Bool {
        apiKey.isFlexible(version)
    }
}

extension KafkaRequest {
    /// The version of the header that goes before this request.
    public static func requestHeaderVersion(of version: Int16) -> Int16 {
        apiKey.requestHeaderVersion(of: version)
    }
}

extension KafkaResponse {
    /// The API that the request belongs to.
    public static var apiKey: APIKey { Request.apiKey }
    /// The versions of the request.
    public static var validVersions: ClosedRange<Int16> { Request.validVersions }

    /// The version of the header that goes before this response.
    public static func responseHeaderVersion(of version: Int16) -> Int16 {
        apiKey.responseHeaderVersion(of: version)
    }
}
