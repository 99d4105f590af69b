// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What is written about single records.
struct RecordOutputOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "A JSON line for each delivered record: its file, line and byte offset, topic, partition, offset and "
                + "timestamp. FILE is appended to, - is stdout, &3 an inherited descriptor.",
            valueName: "file|-|&fd"
        ),
        completion: .file()
    )
    var receipts: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            #"Instead of JSON: %t topic, %p partition, %o offset, %d timestamp, %k key, %v value, %s size of the value, "#
                + #"%f file, %l line, %b byte offset, %%, and \n \t \0 (no newline is added)."#,
            valueName: "format"
        )
    )
    var receiptsFormat: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Append each failed record to FILE, as a JSON line that kafka-producer resend takes.",
            valueName: "file"
        ),
        completion: .file()
    )
    var deadLetter: String?

    /// What these options ask for.
    func plan(isPartitionExplicit: Bool) throws(UsageError) -> RecordOutputsPlan {
        var plan = RecordOutputsPlan()
        plan.isPartitionExplicit = isPartitionExplicit
        if let receipts { plan.receipts = try OutputDestination(receipts, of: "--receipts") }
        if let receiptsFormat {
            guard receipts != nil else { throw UsageError("--receipts-format needs --receipts, which says where to") }
            plan.receiptFormat = try ReceiptFormat(template: receiptsFormat)
        }
        if let deadLetter {
            guard deadLetter != "-", !deadLetter.isEmpty else {
                throw UsageError("--dead-letter takes the name of a file")
            }
            plan.deadLetters = .file(deadLetter)
        }
        return plan
    }
}
