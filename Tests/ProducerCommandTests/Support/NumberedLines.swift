// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation

/// Lines `key TAB number padding`, from 1 on, that tell by themselves which line they are.
struct NumberedLines: Sendable {
    let keys: [String]
    let values: [String]

    var count: Int { values.count }

    /// - Parameters:
    ///   - count: How many.
    ///   - keys: How many different keys.
    ///   - padding: The most bytes behind the number.
    ///   - seed: The same seed gives the same lines.
    init(_ count: Int, keys: Int = 20, padding: Int = 60, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        self.keys = (0..<count).map { _ in "key-\(Int.random(in: 0..<keys, using: &random))" }
        values = (1...count).map { number in
            "\(number) " + String(repeating: "x", count: Int.random(in: 0...padding, using: &random))
        }
    }

    /// The lines of these numbers, each with its newline.
    func text(_ numbers: ClosedRange<Int>) -> String {
        numbers.map { "\(keys[$0 - 1])\t\(values[$0 - 1])\n" }.joined()
    }

    /// All lines.
    var text: String { text(1...count) }

    /// The number of the line that a record is, bit for bit; nil for a record that was never among these.
    func number(of record: StoredRecord) -> Int? {
        guard let key = record.key, let value = record.value,
            let number = String(decoding: value, as: UTF8.self).split(separator: " ").first.flatMap({ Int($0) }),
            (1...count).contains(number), Data(values[number - 1].utf8) == value, Data(keys[number - 1].utf8) == key
        else { return nil }
        return number
    }
}
