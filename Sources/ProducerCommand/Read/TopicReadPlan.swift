// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaReader
import RecordText

/// What the options of `read` ask for.
struct TopicReadPlan: Sendable {
    /// What is printed of a record.
    enum Output: String, CaseIterable, ExpressibleByArgument, Sendable {
        /// A JSON object with all that the record has.
        case json
        /// The value and a newline.
        case value
    }

    var topic: String
    /// The only partition to read; nil for all.
    var partition: Int32?
    var start = ReadStart.earliest
    var end = ReadEnd.latestAtStart
    var isolation = IsolationLevel.readCommitted
    /// How many records are printed at most.
    var limit: UInt64?
    var output = Output.json
    /// How records are laid out, instead of that.
    var layout: RecordLayoutWriter?
    var settings: SettingsPlan
    /// Where the broker inside this process has its data, or nil for none.
    var embeddedDataDirectory: String?
}
