// SPDX-License-Identifier: Apache-2.0

/// What requests to AWS are signed with.
struct AWSCredentials: Equatable, Sendable {
    /// The name of the key, which is sent with each signature.
    var accessKeyID: String
    /// The key.
    var secretAccessKey: Secret
    /// What belongs to keys that end.
    var sessionToken: Secret?
    /// When the keys end; nil for those that do not, as far as one knows.
    var expiration: AWSTime?

    /// Keys that do not end, unless it is told.
    init(
        accessKeyID: String,
        secretAccessKey: Secret,
        sessionToken: Secret? = nil,
        expiration: AWSTime? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}

extension AWSCredentials: CustomStringConvertible, CustomReflectable {
    /// Kafka's word for a value that is not shown.
    var description: String { "[hidden]" }
    /// What `dump` shows: nothing.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
