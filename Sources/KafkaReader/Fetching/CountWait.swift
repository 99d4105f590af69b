// SPDX-License-Identifier: Apache-2.0

/// A caller that waits to learn how many partitions a topic has. Belongs to the reader's event loop.
final class CountWait {
    let ticket: WaitTicket
    let topic: String
    var patience: Patience
    private let resume: (Result<Int, ReaderError>) -> Void

    init(
        _ ticket: WaitTicket,
        topic: String,
        patience: Patience,
        resume: @escaping (Result<Int, ReaderError>) -> Void
    ) {
        self.ticket = ticket
        self.topic = topic
        self.patience = patience
        self.resume = resume
    }

    func end(_ result: Result<Int, ReaderError>) { resume(result) }

    /// The same for an error that has nothing to do with what was asked.
    func giveUp(_ code: ReaderError.Code, _ message: String) {
        end(.failure(ReaderError(code, at: (topic, nil), message)))
    }
}
