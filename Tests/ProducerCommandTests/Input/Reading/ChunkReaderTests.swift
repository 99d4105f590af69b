// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ProducerCommand

@Suite("Reading inputs")
struct ChunkReaderTests {
    @Test("an input is looked at before it is read, and a FIFO without being opened")
    func check() throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("12345", to: "file")
        let fifo = folder.path + "/fifo"
        #expect(unsafe mkfifo(fifo, 0o600) == 0)
        #expect(try InputDescriptor.check(.file(file)) == .regular(size: 5))
        #expect(try InputDescriptor.check(.file(fifo)) == .stream(isTerminal: false))
        #expect(throws: InputError(input: folder.path, reason: .directory)) {
            try InputDescriptor.check(.file(folder.path))
        }
        let missing = folder.path + "/missing"
        #expect(throws: InputError(input: missing, reason: .cannotOpen(ENOENT))) {
            try InputDescriptor.check(.file(missing))
        }
    }

    @Test("a file is read to its end, and not at all once someone asked to stop")
    func file() throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("12345", to: "file")
        let wakeUp = try #require(WakeUp())
        var reader = try ChunkReader(opening: .file(file), wakeUp: wakeUp)
        #expect(try Self.read(&reader, upTo: 3) == .bytes(3))
        #expect(try Self.read(&reader, upTo: 3) == .bytes(2))
        #expect(try Self.read(&reader, upTo: 3) == .end)
        #expect(reader.offset == 5)
        wakeUp.wake()
        wakeUp.wake()
        #expect(try Self.read(&reader, upTo: 3) == .interrupted)
        #expect(wakeUp.isWoken)
    }

    @Test("a FIFO gives what its writer wrote, ends with it, and does not wait when someone asked to stop")
    func fifo() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/fifo"
        #expect(unsafe mkfifo(path, 0o600) == 0)
        let wakeUp = try #require(WakeUp())
        var reader = try ChunkReader(opening: .file(path), wakeUp: wakeUp)
        let writer = unsafe open(path, O_WRONLY)
        #expect(unsafe write(writer, "abc", 3) == 3)
        #expect(try Self.read(&reader, upTo: 9) == .bytes(3))
        close(writer)
        #expect(try Self.read(&reader, upTo: 9) == .end)
        var waiting = try ChunkReader(opening: .file(path), wakeUp: wakeUp)
        wakeUp.wake()
        #expect(try Self.read(&waiting, upTo: 9) == .interrupted)
    }

    @Test("a pipe has more when a read would not wait: bytes that have come, or its end")
    func more() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/fifo"
        #expect(unsafe mkfifo(path, 0o600) == 0)
        let wakeUp = try #require(WakeUp())
        var reader = try ChunkReader(opening: .file(path), wakeUp: wakeUp)
        let writer = unsafe open(path, O_WRONLY)
        var found = [reader.hasMore]
        #expect(unsafe write(writer, "abc", 3) == 3)
        #expect(try Self.read(&reader, upTo: 2) == .bytes(2))
        found.append(reader.hasMore)
        #expect(try Self.read(&reader, upTo: 2) == .bytes(1))
        found.append(reader.hasMore)
        close(writer)
        found.append(reader.hasMore)
        #expect(try Self.read(&reader, upTo: 2) == .end)
        wakeUp.wake()
        found.append(reader.hasMore)
        #expect(found == [false, true, false, true, false])
        let whole = try ChunkReader(opening: .file(folder.write("12345", to: "file")), wakeUp: wakeUp)
        let ofFile = whole.hasMore
        #expect(!ofFile)
    }

    @Test("a file that is cut off while it is read does not end there")
    func truncated() throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("1234567890", to: "file")
        let wakeUp = try #require(WakeUp())
        var reader = try ChunkReader(opening: .file(file), wakeUp: wakeUp)
        #expect(try Self.read(&reader, upTo: 3) == .bytes(3))
        #expect(unsafe truncate(file, 5) == 0)
        #expect(try Self.read(&reader, upTo: 9) == .bytes(2))
        #expect(throws: InputError(input: file, reason: .truncated(offset: 5, size: 10))) {
            try Self.read(&reader, upTo: 9)
        }
        // All that was there at the beginning was read before it was cut off.
        var whole = try ChunkReader(opening: .file(file), wakeUp: wakeUp)
        #expect(try Self.read(&whole, upTo: 9) == .bytes(5))
        #expect(unsafe truncate(file, 0) == 0)
        #expect(try Self.read(&whole, upTo: 9) == .end)
    }

    @Test(
        "a file that the system makes up may give less than its size says",
        .enabled(if: FileManager.default.isReadableFile(atPath: shortSystemFile))
    )
    func systemFile() throws {
        let wakeUp = try #require(WakeUp())
        var reader = try ChunkReader(opening: .file(shortSystemFile), wakeUp: wakeUp)
        guard case .bytes = try Self.read(&reader, upTo: 4096) else { throw HarnessError("nothing to read") }
        #expect(try Self.read(&reader, upTo: 9) == .end)
    }

    @Test("a failed read throws with the error and the place")
    func failure() throws {
        let wakeUp = try #require(WakeUp())
        var reader = try ChunkReader(opening: .file("/proc/self/mem"), wakeUp: wakeUp)
        #expect(throws: InputError(input: "/proc/self/mem", reason: .cannotRead(EIO, offset: 0))) {
            try Self.read(&reader, upTo: 9)
        }
    }

    private static func read(_ reader: inout ChunkReader, upTo size: Int) throws(InputError) -> ChunkReader.Outcome {
        var memory = [UInt8](repeating: 0, count: size)
        return unsafe try memory.withUnsafeMutableBufferPointer { bytes throws(InputError) in
            unsafe try reader.read(into: UnsafeMutableRawBufferPointer(bytes))
        }
    }
}

/// A file whose size is said to be 4096 and that gives less.
private let shortSystemFile = "/sys/kernel/mm/transparent_hugepage/enabled"
