// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// A broker's answer for one batch, or what stands for one that did not come.
struct BatchAnswer: Equatable {
    var error: ErrorCode
    var baseOffset: Int64 = -1
    var logAppendTime: Int64 = -1
    var logStartOffset: Int64 = -1
    /// The broker's own words, if it has any.
    var message: String?
    var recordErrors: [ProduceResponse.RecordError] = []
}

extension BatchAnswer {
    init(_ answer: ProduceResponse.PartitionResponse) {
        error = answer.errorCode
        baseOffset = answer.baseOffset
        logAppendTime = answer.logAppendTimeMs
        logStartOffset = answer.logStartOffset
        message = answer.errorMessage
        recordErrors = answer.recordErrors
    }
}
