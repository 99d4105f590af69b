// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Credentials as JSON: of the metadata of containers and machines, and of programs.
///
///     {"AccessKeyId": "…", "SecretAccessKey": "…", "Token": "…", "Expiration": "2026-01-31T12:59:59Z"}
struct AWSCredentialDocument {
    /// The credentials; nil when there are none.
    let credentials: AWSCredentials?
    /// What the document says instead, such as `AssumeRoleUnauthorizedAccess`.
    let code: String?
    /// The version of the form; programs have to tell it.
    let version: Int?

    /// Reads a document; nil when it is no object of JSON, or when its time cannot be read.
    init?(_ bytes: [UInt8]) {
        guard let members = try? JSONDecoder().decode(Members.self, from: Data(bytes)) else { return nil }
        self.init(members)
    }

    /// Reads the role credentials that the command line program of AWS keeps after a login by SSO.
    init?(cached bytes: [UInt8]) {
        guard let cached = try? JSONDecoder().decode(Cached.self, from: Data(bytes)) else { return nil }
        self.init(cached.members)
    }

    private init?(_ members: Members) {
        var expiration: AWSTime?
        if let text = members.expiration {
            guard let time = AWSTime(text) else { return nil }
            expiration = time
        }
        version = members.version
        code = members.code
        guard let id = members.accessKeyID, let secret = members.secretAccessKey, !id.isEmpty, !secret.isEmpty else {
            credentials = nil
            return
        }
        credentials = AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: (members.token ?? members.sessionToken).map { Secret($0) },
            expiration: expiration
        )
    }

    private struct Cached: Decodable {
        var members: Members

        enum CodingKeys: String, CodingKey {
            case members = "Credentials"
        }
    }

    private struct Members: Decodable {
        var accessKeyID: String?
        var secretAccessKey: String?
        var token: String?
        var sessionToken: String?
        var expiration: String?
        var code: String?
        var version: Int?

        enum CodingKeys: String, CodingKey {
            case accessKeyID = "AccessKeyId"
            case secretAccessKey = "SecretAccessKey"
            case token = "Token"
            case sessionToken = "SessionToken"
            case expiration = "Expiration"
            case code = "Code"
            case version = "Version"
        }
    }
}
