// SPDX-License-Identifier: Apache-2.0

/// What the options ask to be written about single records.
struct RecordOutputsPlan: Equatable, Sendable {
    var receipts: OutputDestination?
    var receiptFormat = ReceiptFormat.json
    var deadLetters: OutputDestination?
    var isPartitionExplicit = false

    /// Throws when a descriptor was not inherited. Called before the process opens any of its own.
    func check() throws(UsageError) {
        if let receipts { try OpenOutput.checkInherited(receipts, of: "--receipts") }
    }

    /// Opens the outputs before anything is sent. None of them may be an input, which would be read while it grows, nor the
    /// checkpoint.
    func open(
        beside inputs: [InputSource],
        checkpoint: String? = nil,
        console: Console
    ) throws(UsageError) -> RecordOutputs {
        var outputs = RecordOutputs.none
        var taken: [OpenOutput.Identity: String] = [:]
        for input in inputs {
            if let identity = OpenOutput.identity(of: input) { taken[identity] = "the input \(input.name)" }
        }
        if let checkpoint, let identity = OpenOutput.identity(of: .file(checkpoint)) {
            taken[identity] = "the checkpoint"
        }
        var opened: [OpenOutput] = []
        func open(
            _ destination: OutputDestination,
            isLines: Bool,
            of option: String
        ) throws(UsageError) -> OpenOutput {
            let output = try OpenOutput(opening: destination, isLines: isLines, of: option)
            opened.append(output)
            guard let identity = output.identity else { return output }
            if let other = taken[identity] {
                for output in opened { output.close() }
                throw UsageError("\(option): \(destination.name) is \(other); name another file")
            }
            taken[identity] = "the file of the receipts"
            return output
        }
        // Both are open before the first thread starts.
        let receiptOutput = try receipts.map { destination throws(UsageError) in
            try open(destination, isLines: receiptFormat.isJSON, of: "--receipts")
        }
        let letterOutput = try deadLetters.map { destination throws(UsageError) in
            try open(destination, isLines: true, of: "--dead-letter")
        }
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
