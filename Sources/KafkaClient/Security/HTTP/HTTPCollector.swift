// SPDX-License-Identifier: Apache-2.0

/// Puts an answer together from its parts.
struct HTTPCollector {
    private var answer: HTTPAnswer?

    /// Status and headers have come.
    mutating func begin(status: Int, headers: [(name: String, value: String)]) {
        let named = Dictionary(
            headers.map { ($0.name.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        answer = HTTPAnswer(status: status, headers: named)
    }

    /// Some of the body has come.
    ///
    /// - Throws: When it is too much.
    mutating func append(_ bytes: some Collection<UInt8>) throws(HTTPFailure) {
        guard (answer?.body.count ?? 0) + bytes.count <= HTTPAnswer.mostBytes else { throw .tooLarge }
        answer?.body += bytes
    }

    /// The whole answer; nil when there is none.
    mutating func end() -> HTTPAnswer? { answer.take() }
}
