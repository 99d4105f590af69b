// SPDX-License-Identifier: Apache-2.0

/// "Random" numbers that a test lists, over and over.
struct ListedNumbers: RandomNumberGenerator {
    let numbers: [UInt64]
    private var index = 0

    init(_ numbers: [UInt64]) {
        self.numbers = numbers
    }

    mutating func next() -> UInt64 {
        defer { index += 1 }
        return numbers[index % numbers.count]
    }
}
