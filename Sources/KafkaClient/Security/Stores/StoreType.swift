// SPDX-License-Identifier: Apache-2.0

/// The format of a key or trust store: the value of `ssl.keystore.type` and `ssl.truststore.type`.
package enum StoreType: String, Sendable, Equatable {
    /// Java's own format, its default. A file in the format of PKCS#12 is read as well.
    case jks = "JKS"
    /// The standard's format. A file in the format of JKS is read as well.
    case pkcs12 = "PKCS12"
    /// Certificates and keys as text.
    case pem = "PEM"

    /// The type of a name. Java compares JKS and PKCS12 in any case, and Kafka PEM in capital letters only.
    ///
    /// - Parameters:
    ///   - name: The value of the setting.
    ///   - setting: The setting's name, for the refusal.
    /// - Throws: What the value is not.
    package init(_ name: String, setting: String) throws(StoreRefusal) {
        if name == Self.pem.rawValue {
            self = .pem
        } else if let type = Self(rawValue: name.uppercased()), type != .pem {
            self = type
        } else {
            let advice = name.uppercased() == Self.pem.rawValue ? "write it in capital letters: PEM" : Self.conversion
            throw StoreRefusal("\(setting)=\(name) is not supported; \(advice)")
        }
    }

    static let conversion = "convert the store: keytool -importkeystore -deststoretype PKCS12"
}
