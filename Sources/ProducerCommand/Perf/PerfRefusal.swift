// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Why nothing could be measured: the cluster or its topic is not there.
struct PerfRefusal: Error {
    let error: ProducerError
    let hasConnected: Bool
    /// The signal that ended the wait, if one did.
    let signal: Int32?

    init(_ error: ProducerError, hasConnected: Bool, signal: Int32?) {
        self.error = error
        self.hasConnected = hasConnected
        self.signal = signal
    }

    var status: ExitStatus {
        switch error.code {
        case .noBrokerReachable: .unreachable
        case .timedOut: hasConnected ? .recordsFailed : .unreachable
        case .configuration: .usage
        default: .recordsFailed
        }
    }
}
