// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Why there is no such topic, or none is made: the code and the sentence that the client gets.
struct TopicRefusal: Error, Equatable {
    let code: ErrorCode
    let message: String?

    init(_ code: ErrorCode, _ message: String?) {
        self.code = code
        self.message = message
    }
}
