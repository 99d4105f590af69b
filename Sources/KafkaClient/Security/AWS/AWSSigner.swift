// SPDX-License-Identifier: Apache-2.0
import Crypto

/// Signs requests to AWS by Signature Version 4, for one service in one region at one time.
struct AWSSigner {
    /// The only algorithm.
    static let algorithm = "AWS4-HMAC-SHA256"

    /// What is signed with.
    let credentials: AWSCredentials
    /// Such as `us-east-1`.
    let region: String
    /// Such as `sts`.
    let service: String
    /// When it is signed.
    let time: AWSTime

    /// A request, as much of it as is signed.
    struct Request {
        /// `GET` or `POST`.
        var method = "GET"
        /// The path, encoded.
        var path = "/"
        /// Names and values of the query, not encoded, in any order.
        var query: [(name: String, value: String)] = []
        /// Headers with names in lower case, in the order of their names. `host` must be there.
        var headers: [(name: String, value: String)] = []
        /// What follows the headers.
        var body: [UInt8] = []

        /// The names of the headers, as a signature tells them.
        var signedHeaders: String { headers.map(\.name).joined(separator: ";") }

        /// The query as it is sent and signed: encoded, in the order of the names.
        var encodedQuery: String {
            let pairs = query.map { (AWSSigner.encoded($0.name), AWSSigner.encoded($0.value)) }
            return pairs.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        }

        /// All that is signed, as text.
        var canonicalForm: String {
            let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
            return [method, path, encodedQuery, lines, signedHeaders, AWSSigner.hex(SHA256.hash(data: body))]
                .joined(separator: "\n")
        }
    }

    /// What the signature holds for.
    var scope: String { "\(time.date)/\(region)/\(service)/aws4_request" }

    /// The key's name and what the signature holds for.
    var credential: String { "\(credentials.accessKeyID)/\(scope)" }

    /// What is signed in the end.
    func stringToSign(_ request: Request) -> String {
        let hash = Self.hex(SHA256.hash(data: Array(request.canonicalForm.utf8)))
        return [Self.algorithm, time.timestamp, scope, hash].joined(separator: "\n")
    }

    /// The signature, in hexadecimal digits.
    func signature(_ request: Request) -> String {
        var key = SymmetricKey(data: Array("AWS4".utf8) + credentials.secretAccessKey.bytes)
        for part in [time.date, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return Self.hex(HMAC<SHA256>.authenticationCode(for: Array(stringToSign(request).utf8), using: key))
    }

    /// A request whose query has all but the signature of a request that is signed ahead (`X-Amz-…`).
    func presigned(_ request: Request, expires: Int) -> Request {
        var request = request
        request.query += [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", credential), ("X-Amz-Date", time.timestamp),
            ("X-Amz-Expires", "\(expires)"), ("X-Amz-SignedHeaders", request.signedHeaders),
        ]
        if let token = credentials.sessionToken { request.query.append(("X-Amz-Security-Token", token.text)) }
        return request
    }

    /// The header `Authorization` of a request.
    func authorization(_ request: Request) -> String {
        "\(Self.algorithm) Credential=\(credential), SignedHeaders=\(request.signedHeaders), "
            + "Signature=\(signature(request))"
    }

    /// Encodes all but letters, digits and `-._~` (RFC 3986), as names and values of a query.
    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [0x25, upperDigits[Int(byte >> 4)], upperDigits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Hexadecimal digits in lower case.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [lowerDigits[Int($0 >> 4)], lowerDigits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let upperDigits = Array("0123456789ABCDEF".utf8)
    private static let lowerDigits = Array("0123456789abcdef".utf8)
}
