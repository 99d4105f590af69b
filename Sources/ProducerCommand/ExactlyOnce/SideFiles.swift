// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Receipts and dead letters of a load, as far as they are files: put on the disk before the transaction is committed that they
/// are about, and cut back to the committed length when it is not.
struct SideFiles: Sendable {
    /// How long the files are.
    struct Lengths: Equatable, Sendable {
        var deadLetters: UInt64?
        var receipts: UInt64?
    }

    private let receipts: ReceiptWriter?
    private let deadLetters: DeadLetterWriter?

    init(_ outputs: RecordOutputs) {
        receipts = outputs.receipts
        deadLetters = outputs.deadLetters
    }

    /// Whether receipts go to a file, so that they are waited for before a commit.
    var holdsReceipts: Bool { receipts?.length != nil }

    /// What they have now.
    var lengths: Lengths { Lengths(deadLetters: deadLetters?.length, receipts: receipts?.length) }

    /// Puts all that was written so far on the disk.
    ///
    /// - Returns: the lengths that are to be committed.
    /// - Throws: When something could not be written, which the load must not pass.
    @available(*, noasync)
    func prepareCommit() throws(ProducerError) -> Lengths {
        guard deadLetters?.prepareCommit() != false else { throw Self.unwritten("dead letters") }
        guard receipts?.prepareCommit() != false else { throw Self.unwritten("receipts") }
        return lengths
    }

    private static func unwritten(_ what: String) -> ProducerError {
        ProducerError(
            .configuration,
            message: "\(what) could not be written, and what they are about is not committed without them"
        )
    }

    /// Cuts the files back to what is committed.
    ///
    /// - Returns: lines for a person, on files that are shorter than what is committed, or cannot be cut.
    @available(*, noasync)
    func cutBack(to committed: Lengths) -> [String] {
        var lines: [String] = []
        func cut(_ what: String, _ length: UInt64?, _ present: UInt64?, _ cut: (UInt64) -> Int32?) {
            guard let length, let present else { return }
            if present < length {
                lines.append(
                    "the file of \(what) has \(NumberText.grouped(present)) bytes, and had \(NumberText.grouped(length)) "
                        + "when the load was committed last: those before are in another file"
                )
            } else if let code = cut(length) {
                lines.append("the file of \(what) cannot be cut back: \(SystemError.text(code))")
            }
        }
        cut("dead letters", committed.deadLetters, deadLetters?.length) { deadLetters?.cut(to: $0) }
        cut("receipts", committed.receipts, receipts?.length) { receipts?.cut(to: $0) }
        return lines
    }
}
