// SPDX-License-Identifier: Apache-2.0

/// What is to be read of a partition.
struct ReadPlan: Sendable {
    let topic: String
    let partition: Int32
    let start: ReadStart
    let end: ReadEnd
    let isolation: IsolationLevel
    let limits: ReadLimits

    /// What is impossible about it, or nil.
    var objection: String? {
        if partition < 0 { return "a partition cannot be negative" }
        if topic.isEmpty { return "a topic has a name" }
        switch start {
        case .offset(let offset) where offset < 0: return "cannot begin at offset \(offset); the first one is 0"
        case .timestamp(let time) where time < 0: return "cannot begin at timestamp \(time); name one from 1970 on"
        case .last(let count) where count < 0:
            return "cannot begin \(count) records before the end; name a number from 0 on"
        case .offset, .timestamp, .last, .earliest, .latest: break
        }
        switch end {
        case .offset(let offset) where offset < 0: return "cannot end at offset \(offset); the first one is 0"
        case .timestamp(let time) where time < 0: return "cannot end at timestamp \(time); name one from 1970 on"
        case .offset, .timestamp, .latestAtStart, .never: return nil
        }
    }
}
