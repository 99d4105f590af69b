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
