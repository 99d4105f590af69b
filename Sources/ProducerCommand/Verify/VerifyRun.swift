// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Platform

/// One run of `verify`: receipts, the inputs that they are about, and what is stored.
struct VerifyRun: Sendable {
    let files: [String]
    /// How records stand in the inputs, and with what they were sent.
    let plan: SendPlan
    let console: Console

    func run() async -> ExitStatus {
        do {
            let run = try Run(console: console)
            let receipts = try files.flatMap { path throws(UsageError) in try ReceiptFile.receipts(of: path) }
            let configuration = try await plan.settings.configuration(console)
            SignalWatch.start(
                onReport: {},
                onEnd: { signal in
                    console.error("ended before all was verified")
                    _exit(ExitStatus.signal(signal).code)
                }
            )
            let contents = try ReceiptContents(plan, configuration, run)
            let content = await BlockingThread.run { [console] in Self.content(receipts, contents, console) }
            let result = await Verification(configuration).run(content)
            for line in result.lines { console.error(line) }
            console.notice(result.summary)
            return result.isClean ? .delivered : .recordsFailed
        } catch {
            return ExitStatus(of: error, console)
        }
    }

    /// What was acknowledged, as receipts and inputs say it.
    @available(*, noasync)
    private static func content(
        _ receipts: [StoredReceipt],
        _ contents: ReceiptContents,
        _ console: Console
    ) -> SentRanges.Content {
        var content = SentRanges.Content()
        for (index, (file, own)) in Dictionary(grouping: receipts, by: \.file).sorted(by: { $0.key < $1.key })
            .enumerated()
        {
            let sums = contents.checksums(of: file, own)
            if sums == nil {
                console.warning(
                    "\(file) cannot be read again: of its \(own.count) records only the places are compared"
                )
            }
            for receipt in own {
                guard let offset = receipt.offset else {
                    content.unplaced += 1
                    continue
                }
                content.ranges.append(
                    SentRange(
                        place: SentRange.Place(topic: receipt.topic, partition: receipt.partition),
                        offsets: offset..<(offset + 1),
                        checksum: sums.map { $0[receipt.line] ?? 0 },
                        isStampedByBroker: false,
                        firstRecord: UInt64(index) << 40 | receipt.line
                    )
                )
            }
        }
        return content
    }
}
