// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Why a batch is not appended: the code and the sentence that the producer gets.
struct BatchRefusal: Error, Equatable {
    let code: ErrorCode
    let message: String
    /// The records that are to blame, counted from 0; none when it is the batch as a whole (KIP-467).
    let records: [Int]
    /// What is said of each of these records.
    let recordMessage: String

    init(_ code: ErrorCode, _ message: String, records: [Int] = [], recordMessage: String? = nil) {
        self.code = code
        self.message = message
        self.records = records
        self.recordMessage = recordMessage ?? message
    }
}
