// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// The time in HTTP's header `Date`.
@Suite("HTTPDate")
struct HTTPDateTests {
    @Test(
        "the usual form is read",
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799), ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
            ("Fri, 31 Dec 2100 12:00:00 GMT", 4_133_937_600),
        ] as [(String, Int64)]
    )
    func read(text: String, seconds: Int64) {
        #expect(HTTPDate(text)?.milliseconds == seconds * 1000)
    }

    @Test(
        "anything else is not",
        arguments: [
            "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT",
            "Sun, 06 Nov 99999 08:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
        ]
    )
    func others(text: String) {
        #expect(HTTPDate(text) == nil)
    }
}
