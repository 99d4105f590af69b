// SPDX-License-Identifier: Apache-2.0

/// What the library for Kerberos says went wrong, or that there is none. Its texts have names and paths, and no secret.
struct GSSFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// `KRB5_KDC_UNREACH`.
    private static let unreachable = UInt32(bitPattern: -1_765_328_228)

    /// In words.
    let description: String
    /// Whether it may go better in a moment: no server of Kerberos answers.
    let isPassing: Bool

    private init(_ description: String, isPassing: Bool) {
        self.description = description
        self.isPassing = isPassing
    }

    /// What the library says: of the whole, and of Kerberos, which tells more.
    init(major: String, minor: String, code: UInt32) {
        let text = minor.isEmpty || minor == "Success" ? major : minor
        self.init(
            ForeignText.shown(text.split(separator: " ").joined(separator: " ")),
            isPassing: code == Self.unreachable || text.contains("Cannot contact any KDC")
        )
    }

    /// There is no library.
    static func missing(_ fileName: String) -> GSSFault {
        GSSFault(
            "\(fileName), the system's library for Kerberos, is not here; install it: apt-get install libgssapi-krb5-2, or "
                + "dnf install krb5-libs",
            isPassing: false
        )
    }
}
