// SPDX-License-Identifier: Apache-2.0

/// The versions of TLS that are safe to use, by their Java names.
package enum TLSVersion: String, CaseIterable, Comparable, Sendable {
    case tls12 = "TLSv1.2"
    case tls13 = "TLSv1.3"

    package static func < (one: TLSVersion, other: TLSVersion) -> Bool { one == .tls12 && other == .tls13 }
}
