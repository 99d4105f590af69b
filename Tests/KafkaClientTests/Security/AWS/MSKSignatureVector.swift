// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Vectors

@testable import KafkaClient

/// A request that botocore signed, with a clock that stood still. The keys are made up.
struct MSKSignatureVector: Decodable, Sendable, CustomTestStringConvertible {
    var host: String
    var region: String
    var accessKeyId: String
    var secretAccessKey: String
    var sessionToken: String?
    var seconds: Int64
    var url: String

    var testDescription: String { "\(host) at \(seconds)" }

    var credentials: AWSCredentials {
        AWSCredentials(
            accessKeyID: accessKeyId,
            secretAccessKey: Secret(secretAccessKey),
            sessionToken: sessionToken.map { Secret($0) }
        )
    }

    var signature: MSKSignature {
        MSKSignature(host: host, region: region, credentials: credentials, time: AWSTime(seconds: seconds))
    }

    static func all() throws -> [MSKSignatureVector] {
        struct File: Decodable {
            var cases: [MSKSignatureVector]
        }
        return try VectorFolder.load("msk_signatures.json", in: .module, as: File.self).cases
    }
}
