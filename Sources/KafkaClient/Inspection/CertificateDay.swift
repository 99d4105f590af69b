// SPDX-License-Identifier: Apache-2.0
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The day of a certificate's date, in UTC: `2026-11-29`.
struct CertificateDay {
    let text: String

    init(seconds: Int64) {
        text = String(Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601).prefix(10))
    }
}
