// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Where the records of a failed batch came from, as their dead letters say.
enum LetterPlaces: Sendable {
    /// From the inputs, where their positions are.
    case inputs(InputPositions)
    /// From where dead letters that were sent again said; those that did not say, from the letters themselves.
    case origins([LetterOrigins.Origin?], otherwise: InputPositions)

    /// The place of the record at `index` of its batch, nil when it is not known.
    func place(ofRecord index: Int, at position: RecordTag?) -> InputPlace? {
        switch self {
        case .inputs(let positions):
            position.flatMap { positions.place(ofRecord: $0.number, offset: $0.offset) }
        case .origins(let origins, let positions):
            origins[index]?.place ?? position.flatMap { positions.place(ofRecord: $0.number, offset: $0.offset) }
        }
    }

    /// Whether the record at `index` of its batch came with a timestamp, and did not get the time of sending.
    func hasTimestamp(ofRecord index: Int) -> Bool {
        switch self {
        case .inputs: true
        case .origins(let origins, _): origins[index]?.hasTimestamp ?? true
        }
    }
}
