// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// Input tags at 8 bytes a record.
@Suite("RecordTags")
struct RecordTagsTests {
    @Test("tags come back as they were, wherever the input is")
    func roundTrip() {
        let start = UInt64(1) << 40
        let given = (0..<100).map { RecordTag(number: start + $0, offset: 3 * start + 17 * $0) }
        var tags = RecordTags()
        for tag in given {
            #expect(tags.accepts(tag))
            tags.append(tag)
        }
        #expect(tags.count == 100)
        #expect(given.indices.allSatisfy { tags[$0] == given[$0] })
    }

    @Test("the furthest distance is 2^32 - 1 in lines and in bytes")
    func limits() {
        let far = UInt64(UInt32.max)
        var tags = RecordTags()
        tags.append(RecordTag(number: 5, offset: 9))
        #expect(tags.accepts(RecordTag(number: 5 + far, offset: 9 + far)))
        #expect(!tags.accepts(RecordTag(number: 6 + far, offset: 9 + far)))
        #expect(!tags.accepts(RecordTag(number: 5 + far, offset: 10 + far)))
        tags.append(RecordTag(number: 5 + far, offset: 9 + far))
        #expect(tags[1] == RecordTag(number: 5 + far, offset: 9 + far))
    }

    @Test("a tag before the first one is not accepted")
    func backwards() {
        var tags = RecordTags()
        #expect(tags.accepts(RecordTag(number: .max, offset: .max)))
        tags.append(RecordTag(number: 5, offset: 9))
        #expect(!tags.accepts(RecordTag(number: 4, offset: 9)))
        #expect(!tags.accepts(RecordTag(number: 5, offset: 8)))
    }

    @Test("there is no tag where no record is", arguments: [-1, 1, 7])
    func outside(index: Int) {
        var tags = RecordTags()
        tags.append(RecordTag(number: 0, offset: 0))
        #expect(tags[index] == nil)
    }

    @Test("memory that is used again begins empty")
    func reuse() {
        var tags = RecordTags()
        tags.append(RecordTag(number: 5, offset: 9))
        tags.removeAll()
        #expect(tags.count == 0)
        tags.append(RecordTag(number: 1, offset: 2))
        #expect(tags[0] == RecordTag(number: 1, offset: 2))
    }
}
