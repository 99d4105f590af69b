// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProducer
import KafkaProtocol
import KafkaRecords
import NIOCore

/// What bytes from outside are thrown at. Each takes anything; a trap is a finding.
enum FuzzTarget: String, CaseIterable {
    /// A byte for the message, one for the version, then the body.
    case messages
    /// One or more record batches, as a fetch response holds them.
    case batches
    /// A batch whose length and checksum are made to fit before it is read.
    case records
    case gzip, snappy, lz4, zstd
    /// A settings file.
    case properties
    /// The value of `sasl.jaas.config`.
    case jaas
    /// A token, its claims, and what an issuer answers.
    case jwt
    /// A broker's messages in a login by SCRAM or OAUTHBEARER.
    case scram
    /// The bytes of a connection, which are cut into responses.
    case frames
    /// An answer by HTTP.
    case http
    /// A file with profiles of AWS, and what its services answer.
    case profiles, sts
    /// Key and trust stores.
    case jks, pkcs12, pem
    /// JSON, and the objects of it that stand for records; values one after another, and rows of CSV.
    case json, values, csv
    /// A layout up to the first zero byte, then records; and text that is UTF-16 in pieces.
    case layouts, utf16

    private static let limit = 16 << 20
    private static let requests: [any KafkaRequest.Type] = [
        ApiVersionsRequest.self, CreateTopicsRequest.self, DescribeClusterRequest.self,
        DescribeConfigsRequest.self, FetchRequest.self, InitProducerIDRequest.self,
        ListOffsetsRequest.self, MetadataRequest.self, ProduceRequest.self, SaslAuthenticateRequest.self,
        SaslHandshakeRequest.self,
    ]

    func run(_ bytes: [UInt8]) {
        switch self {
        case .messages: Self.message(bytes)
        case .batches: Self.batches(bytes)
        case .records: Self.batches(Self.mended(bytes))
        case .gzip: Self.decompress(bytes, .gzip)
        case .snappy: Self.decompress(bytes, .snappy)
        case .lz4: Self.decompress(bytes, .lz4)
        case .zstd: Self.decompress(bytes, .zstd)
        case .properties: _ = try? Properties(bytes: bytes)
        case .jaas: FuzzedLogin.jaas(bytes)
        case .jwt: FuzzedLogin.token(bytes)
        case .scram: FuzzedLogin.messages(bytes)
        case .frames: FuzzedConnection.frames(bytes)
        case .http: FuzzedConnection.http(bytes)
        case .profiles: FuzzedAWS.profiles(bytes)
        case .sts: FuzzedAWS.answers(bytes)
        case .jks: FuzzedStore.jks(bytes)
        case .pkcs12: FuzzedStore.pkcs12(bytes)
        case .pem: FuzzedStore.pem(bytes)
        case .json: FuzzedText.json(bytes)
        case .values: FuzzedText.values(bytes)
        case .csv: FuzzedText.rows(bytes)
        case .layouts: FuzzedText.layouts(bytes)
        case .utf16: FuzzedText.utf16(bytes)
        }
    }

    private static func message(_ bytes: [UInt8]) {
        guard bytes.count > 2 else { return }
        let request = requests[Int(bytes[0] >> 1) % requests.count]
        let body = Array(bytes.dropFirst(2))
        if bytes[0] & 1 == 0 {
            decode(body, as: request, selector: bytes[1])
        } else {
            decodeResponse(body, to: request, selector: bytes[1])
        }
    }

    private static func decodeResponse<Request: KafkaRequest>(_ bytes: [UInt8], to: Request.Type, selector: UInt8) {
        decode(bytes, as: Request.Response.self, selector: selector)
    }

    private static func decode<Message: KafkaMessage>(_ bytes: [UInt8], as: Message.Type, selector: UInt8) {
        let versions = Message.validVersions
        let version = versions.lowerBound + Int16(Int(selector) % versions.count)
        var body = ByteBuffer(bytes: bytes)
        guard let message = try? Message(decoding: &body, version: version) else { return }
        var encoded = ByteBuffer()
        do {
            try message.encode(into: &encoded, version: version)
            let again = try Message(decoding: &encoded, version: version)
            precondition(again == message, "\(Message.self) v\(version) changes when it is encoded again")
        } catch {
            preconditionFailure("\(Message.self) v\(version) cannot be encoded again: \(error)")
        }
    }

    private static func batches(_ bytes: [UInt8]) {
        var splitter = RecordBatchSplitter(ByteBuffer(bytes: bytes))
        while let batch = try? splitter.next() {
            if let codec = CodecName(rawValue: batch.compressionType.name),
                let section = try? Decompressor.decompress(
                    batch.recordsSection.readableBytesSpan,
                    codec: codec,
                    limit: limit
                )
            {
                _ = try? batch.records(decompressed: ByteBuffer(bytes: section))
            }
            _ = try? batch.records(decompressed: batch.recordsSection)
        }
    }

    private static func mended(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 21 else { return bytes }
        var buffer = ByteBuffer(bytes: bytes)
        buffer.setInteger(Int32(bytes.count - 12), at: 8)
        buffer.setInteger(Int8(2), at: 16)
        buffer.setInteger(CRC32C.checksum(of: buffer.readableBytesSpan.extracting(droppingFirst: 21)), at: 17)
        return Array(buffer.readableBytesView)
    }

    private static func decompress(_ bytes: [UInt8], _ codec: CodecName) {
        guard let output = try? Decompressor.decompress(unsafe bytes.span.bytes, codec: codec, limit: limit) else {
            return
        }
        precondition(output.count <= limit, "\(codec) gave more than it was allowed to")
    }
}
