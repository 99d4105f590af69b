// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Why a batch is not appended: the code and the sentence that the producer gets.
struct BatchRefusal: Error, Equatable {
    let code: ErrorCode
    let message: String
    /// The record that is to blame, counted from 0; nil when it is the batch as a whole (KIP-467).
    var record: Int?

    init(_ code: ErrorCode, _ message: String, record: Int? = nil) {
        self.code = code
        self.message = message
        self.record = record
    }
}
