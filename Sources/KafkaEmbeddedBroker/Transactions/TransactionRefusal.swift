// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Why a coordinator does not do what a producer wants.
struct TransactionRefusal: Error, Equatable {
    /// The newest code; see ``code(fencedSince:_:)``.
    let code: ErrorCode

    init(_ code: ErrorCode) {
        self.code = code
    }

    /// The code for a request whose versions before `first` know no PRODUCER_FENCED (KIP-588).
    func code(fencedSince first: Int16, _ version: Int16) -> ErrorCode {
        code == .producerFenced && version < first ? .invalidProducerEpoch : code
    }
}
