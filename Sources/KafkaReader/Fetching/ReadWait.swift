// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// Distinguishes callers that wait.
typealias WaitTicket = Int

/// How a wait for a partition's records ended, and where reading stands.
struct ReadOutcome: Sendable {
    var machine: PartitionReadMachine
    /// What came; nil at the end.
    let result: Result<FetchedBatches?, ReaderError>
    /// Who was asked last.
    let broker: BrokerAddress?
}

/// A caller that waits for the next records of a partition. Belongs to the reader's event loop.
final class ReadWait {
    let ticket: WaitTicket
    var machine: PartitionReadMachine
    /// Who was asked last.
    var broker: BrokerAddress?
    private var resume: ((ReadOutcome) -> Void)?

    init(_ ticket: WaitTicket, _ machine: PartitionReadMachine, resume: @escaping (ReadOutcome) -> Void) {
        self.ticket = ticket
        self.machine = machine
        self.resume = resume
    }

    var plan: ReadPlan { machine.plan }

    /// Whether the caller has gone, so that answers come too late.
    var isOver: Bool { resume == nil }

    /// Wakes the caller, once.
    func end(_ result: Result<FetchedBatches?, ReaderError>) {
        resume.take()?(ReadOutcome(machine: machine, result: result, broker: broker))
    }

    /// The same for an error that has nothing to do with what was asked.
    func giveUp(_ code: ReaderError.Code, _ message: String) {
        machine.abandoned()
        end(.failure(ReaderError(code, at: (plan.topic, plan.partition), message)))
    }

    /// The same for a fault.
    func end(_ fault: ReadFault) {
        end(.failure(ReaderError(fault, topic: plan.topic, partition: plan.partition, broker: broker)))
    }
}
