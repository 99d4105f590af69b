// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Why a group does not do what a client wants.
struct GroupRefusal: Error, Equatable {
    let code: ErrorCode
    /// The id that the client is to come back with; nil for the one that it named.
    var memberID: String?

    init(_ code: ErrorCode, memberID: String? = nil) {
        self.code = code
        self.memberID = memberID
    }
}
