// SPDX-License-Identifier: Apache-2.0

/// The faults of a broker and the seed of those that are left to chance: a whole fault file.
///
///     # comments and empty lines are passed over
///     seed 42
///     produce 3 error NOT_ENOUGH_REPLICAS
///     any every 100 delay 200ms
public struct FaultScript: Sendable, Hashable {
    /// The faults. When several of them fit a request, all of them happen as far as they do not exclude each other.
    public var faults: [Fault]
    /// What the chances of all faults follow from.
    public var seed: UInt64

    /// A script of these faults.
    public init(_ faults: [Fault] = [], seed: UInt64 = 0) {
        self.faults = faults
        self.seed = seed
    }

    /// Reads a fault file.
    ///
    /// - Parameters:
    ///   - text: What is in it.
    ///   - file: Its name, for errors.
    /// - Throws: `EmbeddedBrokerError` of code `invalidFault`, which names file and line.
    public init(parsing text: String, file: String) throws(EmbeddedBrokerError) {
        self.init()
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if first == "seed", words.count == 2, let seed = UInt64(words[1]) {
                self.seed = seed
                continue
            }
            do throws(EmbeddedBrokerError) {
                faults.append(try Fault(parsing: String(line)))
            } catch {
                throw EmbeddedBrokerError(.invalidFault, "\(file):\(index + 1): \(error.message)")
            }
        }
    }
}
