// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("Receipts as text")
struct ReceiptFormatTests {
    private func rendered(
        _ format: ReceiptFormat,
        key: [UInt8]? = nil,
        value: [UInt8]? = nil,
        offset: Int64? = 41,
        file: String = "in.txt"
    ) -> [UInt8] {
        let renderer = ReceiptRenderer(format: format, file: file, topic: "orders", partition: 3)
        let record = ReceiptRenderer.Record(line: 7, byteOffset: 120, offset: offset, timestamp: 1_795_249_145_728)
        var bytes: [UInt8] = []
        switch (key, value) {
        case (nil, nil): renderer.append(record, key: nil, value: nil, to: &bytes)
        case (let key?, nil): renderer.append(record, key: key.span, value: nil, to: &bytes)
        case (nil, let value?): renderer.append(record, key: nil, value: value.span, to: &bytes)
        case (let key?, let value?): renderer.append(record, key: key.span, value: value.span, to: &bytes)
        }
        return bytes
    }

    @Test("JSON names the input, the place in the topic and the timestamp; an offset that is not known is null")
    func json() {
        #expect(
            rendered(.json, file: "a \"b\"\n")
                == Array(
                    (#"{"file":"a \"b\"\n","line":7,"byteOffset":120,"topic":"orders","partition":3,"#
                        + #""offset":41,"timestamp":1795249145728}"# + "\n").utf8
                )
        )
        #expect(String(decoding: rendered(.json, offset: nil), as: UTF8.self).contains(#""offset":null,"#))
        #expect(!ReceiptFormat.json.needsContents)
        #expect(ReceiptFormat.json.needsTimestamps)
    }

    @Test(
        "a template is filled in, and nothing is added to it",
        arguments: [
            ("%t-%p@%o", "orders-3@41"), ("%f:%l+%b", "in.txt:7+120"),
            (#"%d\t%k\t%v\n"#, "1795249145728\tkey\tvalue\n"),
            (#"%s %v\0"#, "5 value\0"), ("100%% %%t", "100% %t"), (#"\\%t\x41"#, "\\ordersA"), ("", ""),
        ]
    )
    func template(template: String, expected: String) throws {
        let format = try ReceiptFormat(template: template)
        #expect(rendered(format, key: Array("key".utf8), value: Array("value".utf8)) == Array(expected.utf8))
    }

    @Test("bytes pass as they are, null is nothing and has size -1, an unknown offset is -1")
    func bytes() throws {
        let format = try ReceiptFormat(template: "%k|%v|%s|%o")
        #expect(rendered(format, key: [0, 255], value: [254]) == [0, 255, 124, 254] + Array("|1|41".utf8))
        #expect(rendered(format, offset: nil) == Array("||-1|-1".utf8))
        #expect(rendered(format, key: [], value: []) == Array("||0|41".utf8))
    }

    @Test(
        "what a template needs is known",
        arguments: [("%t%p%o%l%f%b", false, false), ("%d", false, true), ("%s", true, false)]
    )
    func needs(template: String, contents: Bool, timestamps: Bool) throws {
        let format = try ReceiptFormat(template: template)
        #expect(format.needsContents == contents)
        #expect(format.needsTimestamps == timestamps)
    }

    @Test("a slip in a template is told", arguments: ["%", "%x", "a%é", #"\q"#, #"%t\"#])
    func slips(template: String) {
        #expect(throws: UsageError.self) { try ReceiptFormat(template: template) }
    }
}
