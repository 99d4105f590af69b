// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProducer
import Testing

@testable import ProducerCommand

/// Dead letters on their way to a reader who is slow.
@Suite("Writer of dead letters", .timeLimit(.minutes(10)))
struct DeadLetterWriterTests {
    private static let size = 1 << 20
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func letter(_ number: Int) -> DeadLetter {
        DeadLetter(
            place: InputPlace(input: "in", line: UInt64(number), offset: 0),
            error: "TIMED_OUT",
            message: "late",
            attempts: 1,
            time: 0,
            topic: "t",
            isPartitionExplicit: false,
            content: .record(key: nil, value: [UInt8](repeating: 0x78, count: Self.size), headers: [])
        )
    }

    /// A FIFO that nobody reads yet, and the writer to it.
    private func blocked() throws -> (fifo: String, reader: Int32, writer: DeadLetterWriter) {
        let fifo = folder.path + "/letters"
        try #require(unsafe mkfifo(fifo, 0o600) == 0)
        // Opened for writing too, so that opening waits for nobody.
        let reader = unsafe open(fifo, O_RDWR | O_CLOEXEC)
        var taken = TakenFiles()
        let console = Console(verbosity: .quiet)
        let output = try taken.open(.file(fifo), isLines: true, of: "--dead-letter", as: "a test", console)
        return (fifo, reader, DeadLetterWriter(output: output, isPartitionExplicit: false, console: console))
    }

    /// Whoever fails records may be the producer's event loop: it waited while more than 32 MiB were to be written.
    @Test("who fails records never waits, however slow the file is; the reading thread does, unless it is to end")
    func neverWaits() async throws {
        let (_, reader, writer) = try blocked()
        for number in 1...40 { writer.write(letter(number)) }
        #expect(!writer.hasRoom)
        #expect(await BlockingThread.run { !writer.areOnDisk() })
        await BlockingThread.run { writer.waitForRoom(isStopped: { true }) }
        // As soon as they are read, the reading thread goes on, and all of them come in their order.
        let numbers = AsyncStream.makeStream(of: Int.self)
        let isReading = BlockingThread.start {
            var (line, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 1 << 16))
            var number = 0
            while number < 40 {
                let count = unsafe read(reader, &buffer, buffer.count)
                guard count > 0 else { break }
                var start = 0
                for end in buffer.newlines(inFirst: count) + [count] {
                    // Its beginning is enough of a line.
                    line += buffer[start..<Swift.min(end, start + 40)]
                    start = end + 1
                    guard end < count else { break }
                    number += 1
                    let text = String(decoding: line, as: UTF8.self)
                    numbers.continuation.yield(text.hasPrefix(#"{"file":"in","line":\#(number),"#) ? number : -1)
                    line = []
                }
            }
            numbers.continuation.finish()
        }
        try #require(isReading)
        await BlockingThread.run { writer.waitForRoom(isStopped: { false }) }
        #expect(writer.hasRoom)
        await writer.finish()
        var seen: [Int] = []
        for await number in numbers.stream { seen.append(number) }
        #expect(seen == Array(1...40))
        close(reader)
    }

    @Test("a wait for letters is told, with the file and how much is to be written")
    func stall() async throws {
        let (fifo, reader, writer) = try blocked()
        for number in 1...40 { writer.write(letter(number)) }
        #expect(writer.stallReason == nil)
        let reasons = AsyncStream.makeStream(of: String?.self)
        await BlockingThread.run {
            writer.waitForRoom(isStopped: {
                reasons.continuation.yield(writer.stallReason)
                return true
            })
        }
        reasons.continuation.finish()
        var iterator = reasons.stream.makeAsyncIterator()
        let reason = await iterator.next() ?? nil
        #expect(reason?.hasPrefix("\(fifo) takes dead letters slowly (") == true, "\(reason ?? "")")
        #expect(writer.stallReason == nil)
        // Nobody writes any more once nobody can read.
        close(reader)
        await writer.finish()
        #expect(writer.isIncomplete)
    }
}
