// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// What must not be seen is not.
@Suite("Secret")
struct SecretTests {
    @Test("no text shows it, not even of what holds it")
    func hidden() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump([secret], to: &dumped)
        #expect("\(secret)" == "[hidden]")
        for text in [String(reflecting: secret), "\([secret])", "\(["password": secret])", dumped] {
            #expect(text.contains("[hidden]") && !text.contains("hunter2"))
        }
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test("it keeps its bytes", arguments: ["", "a", "pässwörd🚀", "a\u{0}b"])
    func bytes(text: String) {
        #expect(Secret(text).bytes == Array(text.utf8))
        #expect(Secret(text).text == text)
        #expect(Secret(text).isEmpty == text.isEmpty)
    }

    @Test("it equals what has the same bytes")
    func equality() {
        #expect(Secret("a") == Secret([0x61]))
        #expect(Secret("a") != Secret("b"))
        #expect(Secret("a") != Secret("aa"))
        #expect(Secret("") == Secret([]))
    }
}
