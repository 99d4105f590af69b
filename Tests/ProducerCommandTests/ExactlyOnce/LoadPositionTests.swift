// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import RandomNumbers
import Testing

@testable import ProducerCommand

/// The position of a load as the metadata of an offset.
@Suite("Position of a load")
struct LoadPositionTests {
    private static func random(_ numbers: inout SplitMix64) -> LoadPosition {
        var position = LoadPosition()
        position.topicID = .random(using: &numbers)
        position.options = .random(in: 0...(.max), using: &numbers)
        position.inputCount = .random(in: 1...1000, using: &numbers)
        position.names = .random(in: 0...(.max), using: &numbers)
        position.input = .random(in: 0..<position.inputCount, using: &numbers)
        position.generation = .random(in: 0...3, using: &numbers)
        position.bytes = .random(in: 0...(1 << 50), using: &numbers)
        position.place = .random(in: 0...position.bytes, using: &numbers)
        position.recordsInInput = .random(in: 0...position.place, using: &numbers)
        position.records =
            position.recordsInInput + .random(in: 0...(position.bytes - position.place), using: &numbers)
        let hashed = Int(min(position.place, UInt64(FileFingerprint.hashLimit)))
        position.fingerprint =
            Bool.random(using: &numbers)
            ? .file(hashedBytes: hashed, hash: .random(in: 0...(.max), using: &numbers))
            : .stream(hash: .random(in: 0...(.max), using: &numbers))
        if Bool.random(using: &numbers) { position.deadLetters = .random(in: 0...(.max), using: &numbers) }
        if Bool.random(using: &numbers) { position.receipts = .random(in: 0...(.max), using: &numbers) }
        position.time = .random(in: 0...(.max), using: &numbers)
        position.isDone = .random(using: &numbers)
        position.path = ["", "/var/log/a b.csv", "ünï %= p=q", "logs/x"].randomElement(using: &numbers) ?? ""
        return position
    }

    @Test("what is written is read again, in fewer than 1,000 bytes of printable ASCII", arguments: UInt64(1)...200)
    func roundTrip(seed: UInt64) {
        var numbers = SplitMix64(seed: seed)
        let position = Self.random(&numbers)
        let text = position.text
        #expect(LoadPosition(offset: Int64(position.bytes), metadata: text) == position)
        #expect(text.utf8.count < 1000)
        #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }

    @Test("the longest position keeps the end of its path and fits")
    func longest() {
        var position = LoadPosition()
        position.topicID = TopicID(mostSignificant: .max, leastSignificant: .max)
        (position.options, position.names, position.inputCount) = (.max, .max, Int(Int32.max))
        (position.input, position.generation) = (Int(Int32.max) - 1, Int(Int32.max))
        position.bytes = 1 << 50
        (position.place, position.recordsInInput, position.records) = (1 << 50, 1 << 50, 1 << 50)
        position.fingerprint = .stream(hash: .max)
        (position.deadLetters, position.receipts, position.time, position.isDone) = (.max, .max, .max, true)
        position.path = String(repeating: "ö", count: 5000) + "/end.csv"
        #expect(position.text.utf8.count < 1000)
        let read = LoadPosition(offset: 1 << 50, metadata: position.text)
        #expect(read?.path.hasSuffix("ö/end.csv") == true)
        #expect(read?.records == 1 << 50)
    }

    @Test("every prefix of a position, and every changed byte, is refused or read as another, and nothing crashes")
    func damaged() {
        var numbers = SplitMix64(seed: 7)
        var position = Self.random(&numbers)
        position.path = ""
        position.isDone = false
        (position.deadLetters, position.receipts) = (nil, nil)
        let bytes = Array(position.text.utf8)
        for count in 0..<bytes.count {
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            // Shorter numbers may be right ones.
            if let read = LoadPosition(offset: Int64(position.bytes), metadata: text) { #expect(read != position) }
        }
        for index in bytes.indices {
            for byte in [UInt8(0), 0x20, 0x2D, 0x3D, 0x39, 0x66, 0xFF] {
                var changed = bytes
                changed[index] = byte
                let text = String(decoding: changed, as: UTF8.self)
                let read = LoadPosition(offset: Int64(position.bytes), metadata: text)
                if text != position.text, let read { #expect(read.text == text || read != position) }
            }
        }
    }

    @Test(
        "what no load has written is refused",
        arguments: [
            "", "kp1", "kp2 t=0", "hello", "kp1 forgotten", "kp1  t=1", "kp1 t= o=",
            String(repeating: "kp1 ", count: 4000),
            "kp1 t=00000000000000000000000000000000 o=1 n=1 c=0 i=0 g=0 b=10 r=11 f=0:0 R=11 T=0",
            "kp1 t=00000000000000000000000000000000 o=1 n=1 c=0 i=1 g=0 b=1 r=1 f=0:0 R=1 T=0",
            "kp1 t=00000000000000000000000000000000 o=1 n=1 c=0 i=0 g=0 b=1 r=1 f=0:0 s=1 R=1 T=0",
            "kp1 t=00000000000000000000000000000000 o=1 n=1 c=0 i=0 g=0 b=1 r=1 f=2:0 R=1 T=0",
            "kp1 t=00000000000000000000000000000000 o=+1 n=1 c=0 i=0 g=0 b=1 r=1 f=0:0 R=1 T=0",
            "kp1 t=00000000000000000000000000000000 o=1 o=1 n=1 c=0 i=0 g=0 b=1 r=1 f=0:0 R=1 T=0",
        ]
    )
    func foreign(metadata: String) {
        #expect(LoadPosition(offset: 20, metadata: metadata) == nil)
    }

    @Test("an offset that no load can have is refused", arguments: [Int64(-1), .min, 1 << 51, .max])
    func offsets(offset: Int64) {
        let metadata = "kp1 t=00000000000000000000000000000000 o=1 n=1 c=0 i=0 g=0 b=0 r=0 f=0:0 R=0 T=0"
        #expect(LoadPosition(offset: 0, metadata: metadata) != nil)
        #expect(LoadPosition(offset: offset, metadata: metadata) == nil)
    }

    @Test("a stream's hash does not depend on how its bytes come", arguments: UInt64(1)...50)
    func hash(seed: UInt64) {
        var numbers = SplitMix64(seed: seed)
        let bytes = (0..<Int.random(in: 0...300, using: &numbers)).map { _ in UInt8.random(in: 0...255, using: &numbers)
        }
        var whole = StreamHash()
        whole.append(bytes.span)
        var pieces = StreamHash()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(.random(in: 1...20, using: &numbers)))
            rest = rest.dropFirst(piece.count)
            pieces.append(piece.span)
        }
        #expect(pieces == whole)
        var longer = whole
        longer.append([0].span)
        #expect(longer.value != whole.value)
    }

    @Test("places over all inputs become places in one of them, also of files that have lost their names")
    func places() {
        func mark(_ record: UInt64, _ offset: UInt64) -> CheckpointTracker.Mark {
            .init(record: record, offset: offset)
        }
        var places = LoadPlaces()
        #expect(places.place(of: .start) == nil)
        places.began(0, at: .start)
        places.began(1, at: mark(10, 100))
        #expect(places.place(of: mark(9, 90)) == .init(input: 0, generation: 0, mark: mark(9, 90)))
        #expect(places.place(of: mark(12, 120)) == .init(input: 1, generation: 0, mark: mark(2, 20)))
        places.began(1, at: mark(20, 200))
        #expect(places.place(of: mark(21, 210)) == .init(input: 1, generation: 1, mark: mark(1, 10)))
        places.resumed(at: mark(22, 220), origin: nil)
        #expect(places.place(of: mark(25, 250)) == .init(input: 1, generation: 1, mark: mark(2, 20)))
        places.resumed(at: mark(25, 250), origin: mark(23, 230))
        #expect(places.place(of: mark(26, 260)) == .init(input: 1, generation: 1, mark: mark(3, 30)))
        places.committed(mark(26, 260))
        #expect(places.place(of: mark(9, 90)) == nil)
        #expect(places.place(of: mark(27, 270)) == .init(input: 1, generation: 1, mark: mark(4, 40)))
    }
}
