// SPDX-License-Identifier: Apache-2.0
@testable import ProducerCommand

extension DeadLetterDecoder {
    /// The record of a line that is all of these bytes.
    func decode(_ line: [UInt8]) throws(Refusal) -> Letter {
        var settings = RecordSettings()
        settings.format = .deadLetters(self)
        var parser = RecordParser(settings)
        let chunk = Chunk(line.span, at: 0, isEnd: true, time: 0)
        do throws(RecordFault) {
            let parsed = try parser.parse(0..<line.count, in: chunk)
            return Letter(record: parser.record(parsed, in: chunk), origin: parsed.origin)
        } catch {
            guard case .letter(let refusal) = error else {
                throw Refusal(kind: error.kind, message: "\(error)", topic: nil)
            }
            throw refusal
        }
    }
}
