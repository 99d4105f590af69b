// SPDX-License-Identifier: Apache-2.0

/// The pieces of a layout as a reader takes them: numbers alone, so that nothing is counted for each record.
struct LayoutSteps: Sendable {
    /// What a step does.
    enum Action: Sendable {
        case literal
        case size(RecordLayout.TextPart)
        case text(RecordLayout.TextPart)
        case headerCount
        case headers
        case number(RecordLayout.NumberPart)
    }

    /// One piece.
    struct Step: Sendable {
        var action: Action
        /// How its number is written.
        var number = RecordLayout.Number.digits
        /// What its text is made of.
        var form = RecordLayoutReader.Form.plain
        /// Its bytes among ``literals``.
        var literal = 0..<0
        /// The steps of one header.
        var header = 0..<0

        init(_ action: Action) { self.action = action }
    }

    /// All steps: those of a record, then those of its headers.
    private(set) var steps: [Step] = []
    /// The steps of a record.
    private(set) var record = 0..<0
    /// The bytes of all literals.
    private(set) var literals: [UInt8] = []
    /// The regular expressions, by their numbers.
    private(set) var expressions: [TextExpression] = []

    init(_ layout: RecordLayout) { record = add(layout.pieces) }

    private mutating func add(_ pieces: [RecordLayout.Piece]) -> Range<Int> {
        let first = steps.count
        steps += pieces.map { _ in Step(.literal) }
        for (index, piece) in pieces.enumerated() { steps[first + index] = step(piece) }
        return first..<first + pieces.count
    }

    private mutating func step(_ piece: RecordLayout.Piece) -> Step {
        var step: Step
        switch piece {
        case .literal(let bytes):
            step = Step(.literal)
            step.literal = literals.count..<literals.count + bytes.count
            literals += bytes
        case .size(let part, let number):
            step = Step(.size(part))
            step.number = number
        case .text(let part, let form):
            step = Step(.text(part))
            step.form = self.form(form)
        case .headerCount(let number):
            step = Step(.headerCount)
            step.number = number
        case .headers(let pieces):
            step = Step(.headers)
            step.header = add(pieces)
        case .number(let part, let number):
            step = Step(.number(part))
            step.number = number
        }
        return step
    }

    private mutating func form(_ form: RecordLayout.TextForm) -> RecordLayoutReader.Form {
        switch form {
        case .plain: return .plain
        case .base64: return .base64
        case .hexadecimal: return .hexadecimal
        case .json: return .json
        case .expression(let expression):
            expressions.append(expression)
            return .expression(expressions.count - 1)
        }
    }
}
