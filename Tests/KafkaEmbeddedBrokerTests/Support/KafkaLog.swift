// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaRecords
import NIOCore

@testable import KafkaEmbeddedBroker

/// The log of a Kafka 3.9 broker: topic `fixture`, with transactions of both ends.
enum KafkaLog {
    private static let root = Bundle.module.bundleURL.appendingPathComponent("Fixtures/kafka-log")

    /// The offsets of all records of a partition (`all`), or of those that a reader of committed records gets (`committed`).
    static func offsets(_ which: String, partition: Int) throws -> [Int64] {
        let text = try String(contentsOf: root.appendingPathComponent("\(which).txt"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.first == "\(partition)" ? words.last.flatMap { Int64($0) } : nil
        }
    }

    /// The batches of a partition's folder.
    static func batches(of folder: String) throws -> [ByteBuffer] {
        try files(of: folder, ending: ".log").flatMap { url in
            var splitter = RecordBatchSplitter(ByteBuffer(bytes: try Data(contentsOf: url)))
            var batches: [ByteBuffer] = []
            while let batch = try splitter.nextBytes() { batches.append(batch) }
            return batches
        }
    }

    /// The aborted transactions that Kafka wrote into its own index.
    static func index(of partition: Int) throws -> [LogTransactions.Aborted] {
        try files(of: "fixture-\(partition)", ending: ".txnindex").flatMap { url in
            var bytes = ByteBuffer(bytes: try Data(contentsOf: url))
            var entries: [LogTransactions.Aborted] = []
            while let (_, id, first, last, stable) = bytes.readMultipleIntegers(
                as: (Int16, Int64, Int64, Int64, Int64).self
            ) {
                entries.append(
                    .init(producerID: id, firstOffset: first, lastOffset: last, stableOffset: stable)
                )
            }
            return entries
        }
    }

    /// The files of a partition's folder that end so, by the first offsets in their names.
    static func contents(of folder: String, ending suffix: String) throws -> [Int64: ByteBuffer] {
        try files(of: folder, ending: suffix).reduce(into: [:]) { contents, url in
            let name = url.lastPathComponent.dropLast(suffix.count)
            contents[Int64(name) ?? -1] = ByteBuffer(bytes: try Data(contentsOf: url))
        }
    }

    /// Copies a partition into a data directory, and returns its folder.
    static func copy(_ partition: Int, to directory: String) throws -> String {
        let target = directory + "/fixture-\(partition)"
        try FileManager.default.copyItem(
            atPath: root.appendingPathComponent("fixture-\(partition)").path,
            toPath: target
        )
        return target
    }

    private static func files(of folder: String, ending suffix: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: root.appendingPathComponent(folder),
            includingPropertiesForKeys: nil
        ).filter { $0.lastPathComponent.hasSuffix(suffix) }.sorted { $0.path < $1.path }
    }
}
