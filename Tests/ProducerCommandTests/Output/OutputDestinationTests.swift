// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ProducerCommand

@Suite("Files of receipts and dead letters")
struct OutputDestinationTests {
    private func open(_ path: String, isLines: Bool = true) throws -> OpenOutput {
        var taken = TakenFiles()
        let console = Console(verbosity: .quiet)
        return try taken.open(.file(path), isLines: isLines, of: "--receipts", as: "a test", console)
    }

    @Test("a file, stdout and an inherited descriptor")
    func arguments() throws {
        #expect(try OutputDestination("-", of: "--receipts") == .descriptor(1))
        #expect(try OutputDestination("&3", of: "--receipts") == .descriptor(3))
        #expect(try OutputDestination("./&3", of: "--receipts") == .file("./&3"))
        for wrong in ["", "&", "&x", "&-1"] {
            #expect(throws: UsageError.self) { try OutputDestination(wrong, of: "--receipts") }
        }
    }

    @Test("a file is appended to, and a line that a crash has torn is ended first")
    func torn() async throws {
        let folder = try TemporaryDirectory()
        for (before, isLines, after) in [
            ("", true, "new\n"), ("old\n", true, "old\nnew\n"), ("old\nto", true, "old\nto\nnew\n"),
            ("to", false, "tonew\n"),
        ] {
            let path = try folder.write(before, to: "file")
            let output = try open(path, isLines: isLines)
            #expect(!output.isNew)
            let writer = BackgroundWriter(descriptor: output.descriptor) { _ in }
            writer.append { $0.append(text: "new\n") }
            await writer.finish()
            output.close()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == after)
        }
    }

    @Test("a new file that stayed empty is removed, an old one never")
    func empty() throws {
        let folder = try TemporaryDirectory()
        let old = try folder.write("", to: "old")
        for path in [old, folder.path + "/new"] { try open(path).close() }
        #expect(FileManager.default.fileExists(atPath: old))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/new"))
    }

    @Test("an output cannot be an input, nor two outputs one file, by whatever name")
    func sameFile() throws {
        let folder = try TemporaryDirectory()
        let input = try folder.write("a\n", to: "input")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: input)
        let console = Console(verbosity: .quiet)
        func open(_ plan: RecordOutputsPlan) throws {
            var taken = TakenFiles()
            taken.reads(.file(input))
            _ = try plan.open(taken: &taken, console: console)
        }
        var plan = RecordOutputsPlan(deadLetters: .file(folder.path + "/link"))
        #expect(throws: UsageError.self) { try open(plan) }
        plan = RecordOutputsPlan(
            receipts: .file(folder.path + "/x"),
            deadLetters: .file(folder.path + "/../\(folderName(folder))/x")
        )
        #expect(throws: UsageError.self) { try open(plan) }
        #expect(try String(contentsOfFile: input, encoding: .utf8) == "a\n")
        #expect(throws: UsageError.self) { try self.open(folder.path + "/missing/file") }
    }

    private func folderName(_ folder: TemporaryDirectory) -> String {
        URL(fileURLWithPath: folder.path).lastPathComponent
    }

    @Test("what is appended from many threads is written whole, and each thread's in its order")
    func writesAll() async throws {
        let folder = try TemporaryDirectory()
        let output = try open(folder.path + "/file")
        let writer = BackgroundWriter(descriptor: output.descriptor) { _ in }
        await withTaskGroup { group in
            for name in 0..<4 {
                group.addTask { for number in 0..<5000 { writer.append { $0.append(text: "\(name) \(number)\n") } } }
            }
        }
        await writer.finish()
        #expect(!writer.hasFailed)
        let lines = try String(contentsOfFile: folder.path + "/file", encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 20_000)
        for name in 0..<4 {
            let own = lines.filter { $0.hasPrefix("\(name) ") }
            #expect(own == (0..<5000).map { "\(name) \($0)" })
        }
    }

    @Test("a write that fails is told once, and nobody waits for it")
    func fails() async throws {
        let output = try open("/dev/full")
        let (codes, continuation) = AsyncStream.makeStream(of: Int32.self)
        let writer = BackgroundWriter(descriptor: output.descriptor) { continuation.yield($0) }
        writer.append { $0.append(text: "a") }
        var iterator = codes.makeAsyncIterator()
        #expect(await iterator.next() == ENOSPC)
        writer.append { $0.append(text: "b") }
        await writer.finish()
        continuation.finish()
        #expect(await iterator.next() == nil)
        #expect(writer.hasFailed)
        #expect(writer.backlog == 0)
    }

    @Test(
        "a pipe that takes nothing is given up after its time, and one that is read takes all",
        arguments: [true, false]
    )
    func patience(isRead: Bool) async throws {
        var ends: [Int32] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        let bytes = [UInt8](repeating: 7, count: 300_000)
        // A thread of its own: tasks get no turn while this one writes, if the machine has few cores.
        let (counts, continuation) = AsyncStream.makeStream(of: Int.self)
        if isRead {
            let isStarted = BlockingThread.start { continuation.yield(Self.drain(reading, bytes.count)) }
            #expect(isStarted)
        } else {
            continuation.yield(0)
        }
        // Nobody ever reads the one, so that any time will do.
        let code = DescriptorWriter.write(bytes, to: writing, withinPauses: isRead ? 600_000 : 1)
        #expect(code == (isRead ? nil : ETIMEDOUT))
        close(writing)
        var iterator = counts.makeAsyncIterator()
        #expect(await iterator.next() == (isRead ? bytes.count : 0))
        close(reading)
    }

    private static func drain(_ descriptor: Int32, _ wanted: Int) -> Int {
        var (bytes, count) = ([UInt8](repeating: 0, count: 4096), 0)
        while count < wanted {
            let read = unsafe read(descriptor, &bytes, bytes.count)
            guard read > 0 else { break }
            count += read
        }
        return count
    }
}
