// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer

/// What a perf run sends, by the names of kafka-producer-perf-test.
struct PerfLoadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many records.", valueName: "count"))
    var numRecords: UInt64

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Records per second at most; -1 for as many as possible.", valueName: "rate")
    )
    var throughput: Double = -1

    @Option(help: ArgumentHelp("Values of so many bytes.", valueName: "bytes"))
    var recordSize: Int?

    @Option(
        help: ArgumentHelp(
            "Values from the pieces of a file, drawn at random; bytes pass unchanged.",
            valueName: "file"
        ),
        completion: .file()
    )
    var payloadFile: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            #"What parts the pieces of that file: characters and \n \t \0 \xNN."#,
            valueName: "delimiter"
        )
    )
    var payloadDelimiter = "\\n"

    @Flag(help: "The number of each record, from 0, as its value.")
    var payloadMonotonic = false

    @Option(
        help: ArgumentHelp(
            "Generated values that compress to about a part in N: 4 for a quarter. Without it they are random letters.",
            valueName: "n"
        )
    )
    var compressionRatio: Double?

    @Option(help: ArgumentHelp("Keys of so many bytes.", valueName: "bytes"))
    var keySize: Int?

    @Option(help: ArgumentHelp("How many different keys.", valueName: "count"))
    var keyCardinality: UInt32?

    @Option(
        help: ArgumentHelp("So many records at the start are left out of a further summary line.", valueName: "count")
    )
    var warmupRecords: UInt64 = 0

    @Option(help: ArgumentHelp("How often a line of progress is printed.", valueName: "ms"))
    var reportingInterval: UInt32 = 5000

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Send in transactions, under this name: transactional.id.", valueName: "id")
    )
    var transactionalId: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Commit when the transaction is so old. Default with transactions: 3000. Without a name one is made up.",
            valueName: "ms"
        )
    )
    var transactionDurationMs: Int64?

    /// How old transactions become when nothing else is said.
    static let usualTransactionDuration = Duration.milliseconds(3000)

    /// The settings that the options of transactions stand for.
    var transactionSources: [PropertySource] {
        if let transactionalId {
            return [PropertySource(name: "--transactional-id", key: "transactional.id", value: transactionalId)]
        }
        guard transactionDurationMs != nil else { return [] }
        let name = String(UInt64.random(in: .min ... .max), radix: 16)
        return [
            PropertySource(
                name: "--transaction-duration-ms",
                key: "transactional.id",
                value: "performance-producer-\(name)"
            )
        ]
    }

    /// Throws what is wrong with these options.
    func check() throws(UsageError) {
        if let transactionalId, transactionalId.isEmpty { throw UsageError("--transactional-id takes a name") }
        guard transactionDurationMs ?? 1 > 0 else {
            throw UsageError("--transaction-duration-ms should be greater than zero")
        }
        guard numRecords > 0 else { throw UsageError("--num-records should be greater than zero") }
        guard throughput > 0 || throughput == -1 else {
            throw UsageError("--throughput takes a rate above 0, or -1 for as fast as possible")
        }
        guard warmupRecords < numRecords else {
            throw UsageError("--warmup-records must be strictly fewer than --num-records")
        }
        guard reportingInterval > 0 else { throw UsageError("--reporting-interval should be greater than zero") }
    }

    /// The values that these options describe; exactly one of three kinds.
    func values() throws(UsageError) -> PerfPlan.Values {
        let given = [recordSize != nil, payloadFile != nil, payloadMonotonic].count { $0 }
        guard given == 1 else {
            throw UsageError("exactly one of --record-size, --payload-file and --payload-monotonic says what is sent")
        }
        if compressionRatio != nil, recordSize == nil {
            throw UsageError("--compression-ratio is about generated values: it needs --record-size")
        }
        if let recordSize {
            guard recordSize > 0 else { throw UsageError("--record-size should be greater than zero") }
            guard compressionRatio ?? 1 >= 1 else {
                throw UsageError("--compression-ratio takes 1 or more: 4 means that a quarter is left")
            }
            return .generated(size: recordSize, ratio: compressionRatio)
        }
        guard let payloadFile else { return .ordinals }
        try RegularExpression.check(payloadDelimiter, of: "--payload-delimiter")
        do throws(EscapedText.InvalidEscape) {
            guard let delimiter = BytePattern(try EscapedText.bytes(payloadDelimiter)) else {
                throw .init(description: "no characters")
            }
            return .file(path: payloadFile, delimiter: delimiter)
        } catch {
            throw UsageError("--payload-delimiter \"\(payloadDelimiter)\" has \(error)")
        }
    }

    /// The keys that these options describe, if any.
    func keys() throws(UsageError) -> KeyMaker? {
        guard let keySize else {
            guard let keyCardinality else { return nil }
            // As many digits as the largest takes.
            let size = (1...7).first { KeyMaker.possibleKeys(ofSize: $0) >= UInt64(keyCardinality) } ?? 7
            return try keys(of: size)
        }
        return try keys(of: keySize)
    }

    private func keys(of size: Int) throws(UsageError) -> KeyMaker {
        let possible = KeyMaker.possibleKeys(ofSize: size)
        let cardinality = keyCardinality ?? UInt32(min(possible, 1_000_000))
        guard size <= 1 << 20, let keys = KeyMaker(size: size, cardinality: cardinality) else {
            throw UsageError(
                "there are not \(cardinality) different keys of \(size) bytes: --key-size takes 1 to 1048576, and "
                    + "--key-cardinality what fits it, here 1 to \(possible)"
            )
        }
        return keys
    }
}
