// SPDX-License-Identifier: Apache-2.0
import KafkaReader
import KafkaRecords
import NIOCore
import Synchronization

/// Where records that were read are printed: standard output, by a thread of its own, so that a signal finds somebody to
/// take it while a pipe is full. Counts what was printed.
final class ReadOutput: Sendable {
    /// What was read so far.
    struct Account: Equatable, Sendable {
        var records: UInt64 = 0
        /// Keys, values and headers, in bytes.
        var bytes: UInt64 = 0
    }

    private struct State {
        var account = Account()
        /// How many more records are wanted.
        var wanted: UInt64
        /// The first record that could not be printed.
        var misfit: RecordMisfit?
    }

    /// How much may wait to be written before no more is read.
    private static let most = 4 << 20

    private let writer: BackgroundWriter
    private let state: Mutex<State>

    /// - Parameters:
    ///   - limit: How many records are printed at most; nil for all.
    ///   - console: Gets what goes wrong.
    init(limit: UInt64?, console: Console) {
        state = Mutex(State(wanted: limit ?? .max))
        writer = BackgroundWriter(descriptor: 1) { code in
            console.error("cannot write to stdout: \(SystemError.text(ofOutput: code)); nothing more is printed there")
        }
    }

    var account: Account { state.withLock { $0.account } }

    /// Whether nothing more can be printed.
    var hasFailed: Bool { writer.hasFailed }

    /// The first record that could not be printed; nothing is printed behind it.
    var misfit: RecordMisfit? { state.withLock { $0.misfit } }

    /// How much waits to be written, in bytes.
    var backlog: Int { writer.backlog }

    /// Prints records, as many as are wanted.
    ///
    /// - Returns: Whether more are wanted.
    func print(_ records: [ReadRecord], by printer: RecordPrinter) -> Bool {
        var bytes: [UInt8] = []
        // Records of one partition at a time, so that a limit cuts between whole records.
        return state.withLock { state in
            for record in records.prefix(Int(clamping: state.wanted)) {
                guard state.misfit == nil else { break }
                do throws(RecordMisfit) {
                    try printer.append(record, to: &bytes)
                } catch {
                    state.misfit = error
                    break
                }
                state.account.records += 1
                state.account.bytes += UInt64(record.size)
                state.wanted -= 1
            }
            writer.append { $0.append(contentsOf: bytes) }
            return state.wanted > 0 && state.misfit == nil
        }
    }

    /// Waits until there is room for more, or it is of no use to wait.
    func room() async {
        while writer.backlog > Self.most, !writer.hasFailed, (try? await Task.sleep(for: .milliseconds(1))) != nil {}
    }

    /// Writes what is left.
    func finish() async { await writer.finish() }
}

extension ReadRecord {
    /// Bytes of key, value and headers.
    fileprivate var size: Int {
        headers.reduce((key?.readableBytes ?? 0) + (value?.readableBytes ?? 0)) {
            $0 + $1.name.utf8.count + ($1.value?.readableBytes ?? 0)
        }
    }
}
