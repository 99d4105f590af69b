// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// That the judge of chaos runs finds what is wrong, each thing by itself.
@Suite("The verdict on a chaos run")
struct ChaosVerdictTests {
    /// Four lines with one key. The first three were acked, in the order given by `stored`; the last one has failed.
    private func objections(
        _ guarantee: ChaosCase.Guarantee = .exactlyOnceInOrder,
        stored: [Int],
        receipts: [Int: Int] = [1: 0, 2: 1, 3: 2],
        letters: [Int] = [4],
        mayFail: Bool = true,
        cutOff: Int = 0,
        read: Int = 4
    ) throws -> [String] {
        let folder = try TemporaryDirectory()
        let lines = NumberedLines(4, keys: 1, seed: 1)
        let receiptLines = receipts.sorted { $0.key < $1.key }.map { line, offset in
            """
            {"file":"stdin","line":\(line),"byteOffset":0,"topic":"t","partition":0,"offset":\(offset),"timestamp":1}

            """
        }
        let letterLines = letters.map { line in
            """
            {"file":"stdin","line":\(line),"byteOffset":0,"error":"E","message":"m","attempts":1,"time":"",\
            "topic":"t","partition":0,"explicitPartition":false,"timestamp":1,"key":null,"value":"v","headers":[]}

            """
        }
        let summary =
            "kafka-producer: \(read) records read, \(receipts.count) acked, \(letters.count) failed; 1 B in 1 s"
        let finished = FinishedProcess(
            status: letters.isEmpty ? 0 : 1,
            output: [],
            error: Array(summary.utf8),
            exceededLimit: false
        )
        let account = try RunAccount(
            finished,
            receipts: folder.write(receiptLines.joined(), to: "receipts"),
            letters: folder.write(letterLines.joined(), to: "letters")
        )
        let records = stored.enumerated().map { offset, line in
            let value = line == 0 ? "stranger" : lines.values[line - 1]
            return StoredRecord(
                partition: 0,
                offset: Int64(offset),
                key: Data(lines.keys[0].utf8),
                value: Data(value.utf8)
            )
        }
        let read = StoredLines(records, of: lines)
        return ChaosVerdict.objections(guarantee, mayFail: mayFail, cutOff: cutOff, account, read, lines)
    }

    @Test("a run without fault has no objection, also if a failed line is stored")
    func good() throws {
        #expect(try objections(stored: [1, 2, 3]) == [])
        #expect(try objections(stored: [1, 2, 3, 4]) == [])
        // Nobody promised anything about the place of a line that has failed.
        #expect(try objections(stored: [4, 1, 2, 3], receipts: [1: 1, 2: 2, 3: 3]) == [])
    }

    @Test(
        "each broken promise is an objection, where it was given",
        arguments: [
            ([1, 2], .atLeastOnce, "acked and not there: [3]"),
            ([2, 1, 3], .atLeastOnceInOrder, "out of order"),
            ([1, 2, 3, 1], .exactlyOnceInOrder, "1 records are there again"),
            ([1, 2, 3, 4, 4], .exactlyOnceInOrder, "1 records are there again"),
            ([1, 2, 3, 0], .atLeastOnce, "1 records are none of the lines"),
            ([1, 2], .atMostOnce, "acked and not there: [3]"),
            ([1, 2, 3, 3], .atMostOnce, "1 records are there again"),
        ] as [([Int], ChaosCase.Guarantee, String)]
    )
    func broken(stored: [Int], guarantee: ChaosCase.Guarantee, expected: String) throws {
        #expect(try objections(guarantee, stored: stored).contains { $0.contains(expected) })
    }

    @Test("what was not promised is no objection")
    func notPromised() throws {
        #expect(try objections(.atMostOnce, stored: [2, 1, 4, 3], receipts: [1: 1, 2: 0, 3: 3]) == [])
        #expect(try objections(.atLeastOnce, stored: [2, 1, 3, 1], receipts: [1: 1, 2: 0, 3: 2]) == [])
        #expect(try objections(.atLeastOnceInOrder, stored: [1, 2, 3, 1]) == [])
    }

    @Test("no more acked lines may be gone than replicas have cut off")
    func cutOff() throws {
        #expect(try objections(.atLeastOnce, stored: [1, 2], cutOff: 1) == [])
        #expect(try objections(.atLeastOnce, stored: [1], cutOff: 1) == ["acked and not there: [2, 3]"])
    }

    @Test("a receipt with another record's place, a line with two ends or none, and a wrong ledger are objections")
    func account() throws {
        #expect(try objections(stored: [1, 2, 3], receipts: [1: 0, 2: 2, 3: 1]).count == 1)
        #expect(try objections(stored: [1, 2, 3], letters: [3]).count == 1)
        #expect(try objections(stored: [1, 2, 3], letters: []).count == 1)
        #expect(try objections(stored: [1, 2, 3], read: 5).count == 1)
        #expect(try objections(stored: [1, 2, 3], mayFail: false).count == 1)
    }
}
