// SPDX-License-Identifier: Apache-2.0
package import KafkaProtocol

/// What a question to a coordinator waits for.
package struct CoordinatorWait: Sendable {
    /// The request that is tried again.
    package var api: APIKey
    /// What it was answered with last; nil when it got no answer.
    package var error: ErrorCode?
    /// What happened, in words.
    package var problem: String
    /// For how long it has been tried.
    package var waited: Duration
}
