// SPDX-License-Identifier: Apache-2.0

/// When credentials are looked up again.
struct AWSCredentialLife: Equatable {
    /// What may be done with credentials at a time.
    enum Use: Equatable {
        /// They are good.
        case good
        /// They are good, and others should be looked up.
        case renew
        /// They are over.
        case ended
    }

    /// How long before their end credentials are renewed.
    static let ahead: Int64 = 300
    /// How long credentials without an end are kept: files and programs may have others by then.
    static let kept: Int64 = 300

    private let expiration: AWSTime?
    private let due: AWSTime

    /// The life of credentials that came at a time.
    init(expiration: AWSTime?, from start: AWSTime) {
        self.expiration = expiration
        guard let expiration else {
            due = start + Self.kept
            return
        }
        // Of a short life the second half is for renewing.
        due = expiration + -min(Self.ahead, max(0, expiration.seconds - start.seconds) / 2)
    }

    /// What may be done now.
    func use(now: AWSTime) -> Use {
        if let expiration, now >= expiration { return .ended }
        return now < due ? .good : .renew
    }
}
