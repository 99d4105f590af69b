// SPDX-License-Identifier: Apache-2.0
import Platform

/// What the options ask to be written about single records.
struct RecordOutputsPlan: Equatable, Sendable {
    var receipts: OutputDestination?
    var receiptFormat = ReceiptFormat.json
    var deadLetters: OutputDestination?
    var isPartitionExplicit = false

    /// Whether receipts appear on a terminal.
    var writesToTerminal: Bool {
        guard case .descriptor(let descriptor) = receipts else { return false }
        return isatty(descriptor) == 1
    }

    /// Throws when a descriptor was not inherited. Called before the process opens any of its own.
    func check() throws(UsageError) {
        if let receipts { try OpenOutput.checkInherited(receipts, of: "--receipts") }
    }

    /// Opens the outputs before anything is sent. None of them may be in use already: an input would be read while it grows.
    func open(taken: inout TakenFiles, console: Console) throws(UsageError) -> RecordOutputs {
        // Both are open before the first thread starts.
        let receiptOutput = try receipts.map { destination throws(UsageError) in
            try taken.open(
                destination,
                isLines: receiptFormat.isJSON,
                of: "--receipts",
                as: "the file of the receipts",
                console
            )
        }
        var letterOutput: OpenOutput?
        do throws(UsageError) {
            letterOutput = try deadLetters.map { destination throws(UsageError) in
                try taken.open(
                    destination,
                    isLines: true,
                    of: "--dead-letter",
                    as: "the file of the dead letters",
                    console
                )
            }
        } catch {
            receiptOutput?.close()
            throw error
        }
        var outputs = RecordOutputs.none
        if let receiptOutput {
            outputs.receipts = ReceiptWriter(format: receiptFormat, output: receiptOutput, console: console)
        }
        if let letterOutput {
            outputs.deadLetters = DeadLetterWriter(
                output: letterOutput,
                isPartitionExplicit: isPartitionExplicit,
                console: console
            )
        }
        return outputs
    }
}
