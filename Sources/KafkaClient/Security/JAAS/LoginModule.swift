// SPDX-License-Identifier: Apache-2.0

/// The login modules that are known, by their Java classes. They only carry credentials; the mechanism decides what is
/// done with them.
package enum LoginModule: String, CaseIterable, Sendable {
    case plain = "org.apache.kafka.common.security.plain.PlainLoginModule"
    case scram = "org.apache.kafka.common.security.scram.ScramLoginModule"
    case oauthBearer = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
    case mskIAM = "software.amazon.msk.auth.iam.IAMLoginModule"
    case kerberos = "com.sun.security.auth.module.Krb5LoginModule"

    /// The login module of a Java class.
    ///
    /// Kafka's own classes are known by their tail from `common.security.` on, since programs with a copy of the client
    /// give them other names in front, such as `kafkashaded.org.apache.kafka.…`.
    package init?(className: String) {
        let tail = Self.tail(of: className)
        guard let module = Self.allCases.first(where: { Self.tail(of: $0.rawValue) == tail }) else { return nil }
        self = module
    }

    /// The mechanisms that the module's options are good for. A name and a password are one to PLAIN and to SCRAM.
    package var mechanisms: [SASLMechanismName] {
        switch self {
        case .plain, .scram: [.plain, .scramSHA256, .scramSHA512]
        case .oauthBearer: [.oauthBearer]
        case .mskIAM: [.awsMSKIAM]
        case .kerberos: [.gssapi]
        }
    }

    /// The options that the module's Java class and its usual handlers read, as far as their names are fixed: not those
    /// of OAUTHBEARER that begin with `extension_`, `unsecuredLogin…Claim_` or `ssl.`.
    var options: [String] {
        switch self {
        case .plain: ["username", "password"]
        case .scram: ["username", "password", "tokenauth"]
        case .oauthBearer:
            [
                "clientId", "clientSecret", "scope", "unsecuredLoginPrincipalClaimName", "unsecuredLoginScopeClaimName",
                "unsecuredLoginLifetimeSeconds",
            ]
        case .mskIAM:
            [
                "awsProfileName", "awsRoleArn", "awsRoleSessionName", "awsRoleExternalId", "awsRoleAccessKeyId",
                "awsRoleSecretAccessKey", "awsRoleSessionToken", "awsStsRegion", "awsMaxRetries", "awsMaxBackOffTimeMs",
                "awsAddDefaultProviders", "awsDebugCreds", "awsMskRegionProvider",
            ]
        case .kerberos:
            [
                "useKeyTab", "keyTab", "principal", "useTicketCache", "ticketCache", "serviceName", "isInitiator",
                "storeKey", "doNotPrompt", "refreshKrb5Config", "renewTGT", "debug", "useFirstPass", "tryFirstPass",
                "storePass", "clearPass",
            ]
        }
    }

    /// What to tell about options that the module does not know. Their names are not shown: behind a missing quote a
    /// secret looks like one.
    ///
    /// - Parameter names: The names of all options.
    /// - Returns: The note; nil when all are known.
    func note(unknownOf names: some Sequence<String>) -> String? {
        let unknown = names.count { !options.contains($0) }
        guard unknown > 0 else { return nil }
        let count = unknown == 1 ? "an option" : "\(unknown) options"
        return "sasl.jaas.config: \(count) unknown to \(shortName) will be ignored; it knows "
            + options.joined(separator: ", ")
    }

    /// The class without its package.
    package var shortName: String { String(rawValue.split(separator: ".").last ?? "") }

    /// Login modules that the Java client refuses: with them a setting makes it call any server.
    static let notAllowed: Set<String> = [
        "com.sun.security.auth.module.JndiLoginModule", "com.sun.security.auth.module.LdapLoginModule",
    ]

    /// All names, for a line to the user.
    static var classNames: String { allCases.map(\.rawValue).joined(separator: ", ") }

    private static func tail(of className: String) -> Substring {
        let marker = Array("common.security.".utf8)
        let bytes = Array(className.utf8)
        guard bytes.count > marker.count,
            let start = (0...bytes.count - marker.count).first(where: { offset in
                (offset == 0 || bytes[offset - 1] == 0x2E) && bytes[offset...].starts(with: marker)
            })
        else { return className[...] }
        return Substring(String(decoding: bytes[start...], as: UTF8.self))
    }
}
