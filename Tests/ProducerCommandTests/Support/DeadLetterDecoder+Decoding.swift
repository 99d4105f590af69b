// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

@testable import ProducerCommand

extension DeadLetterDecoder {
    /// A record to send again.
    struct Letter: Equatable {
        /// As it was, with its partition only if that was explicit.
        var record: ProducerRecord
        /// Where it came from at first, if the line says.
        var origin: InputPlace?
    }

    /// The record of a line that is all of these bytes.
    func decode(_ line: [UInt8]) throws(Refusal) -> Letter {
        var settings = RecordSettings()
        settings.format = .deadLetters(self)
        var parser = RecordParser(settings)
        let chunk = Chunk(line.span, at: 0, isEnd: true, time: 0)
        do throws(RecordFault) {
            let parsed = try parser.parse(0..<line.count, in: chunk)
            let origin = parsed.origin.map { origin in
                let name = String(decoding: parser.scratch.bytes(of: origin.file, in: line.span), as: UTF8.self)
                return InputPlace(input: name, line: origin.line, offset: origin.offset)
            }
            return Letter(record: parser.record(parsed, in: chunk), origin: origin)
        } catch {
            guard case .letter(let refusal) = error else {
                throw Refusal(kind: error.kind, message: "\(error)", topic: nil)
            }
            throw refusal
        }
    }
}
