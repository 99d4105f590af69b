// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads files of receipts, as `send --receipts FILE` writes them.
enum ReceiptFile {
    /// All receipts of a file.
    ///
    /// - Parameter path: The file.
    /// - Throws: `UsageError` when it cannot be read, or has a line that is no receipt.
    /// - Returns: The receipts in their order.
    static func receipts(of path: String) throws(UsageError) -> [StoredReceipt] {
        let contents: [UInt8]
        do throws(FileAccessError) {
            contents = Array(try ProcessEnvironment().contents(ofFile: path))
        } catch {
            throw UsageError("cannot read receipts from \(path): \(error.reason)")
        }
        let decoder = JSONDecoder()
        var receipts: [StoredReceipt] = []
        for (index, line) in contents.split(separator: 0x0A).enumerated() {
            guard let receipt = try? decoder.decode(StoredReceipt.self, from: Data(line)) else {
                throw UsageError(
                    "\(path):\(index + 1) is no receipt: they are the lines that send --receipts FILE writes without "
                        + "--receipts-format"
                )
            }
            receipts.append(receipt)
        }
        return receipts
    }
}
