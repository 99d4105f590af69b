// SPDX-License-Identifier: Apache-2.0

/// What the options of `perf` ask for, checked as far as that goes without reading a file or asking a broker.
struct PerfPlan: Sendable {
    /// What values are made of.
    enum Values: Equatable, Sendable {
        case generated(size: Int, ratio: Double?)
        case file(path: String, delimiter: BytePattern)
        /// The record's number in decimal.
        case ordinals
    }

    var topic: String
    var partition: Int32?
    var records: UInt64
    var warmup: UInt64
    var values: Values
    var keys: KeyMaker?
    /// Records per second, or nil for as fast as possible.
    var rate: Double?
    /// How often a line of progress is printed.
    var interval: Duration
    var settings: SettingsPlan
    /// Two settings files to be measured against each other.
    var compared: (String, String)?
    var rounds: Int
    /// Where the broker inside this process stores its data, or nil for none.
    var embeddedDataDirectory: String?
    var metrics: MetricsPlan
    /// What becomes of the load when no broker can be reached any more.
    var onOutage = OutageHandling.stop
    /// How old transactions become, if there are any.
    var transactionDuration = PerfLoadOptions.usualTransactionDuration
    /// The file for the result as JSON.
    var json: String?
    /// The file for the result as a page.
    var report: String?

    /// The load in words, for reports.
    var words: [(name: String, value: String)] {
        var words: [(name: String, value: String)] = []
        switch values {
        case .generated(let size, let ratio):
            words.append(("values", "of \(NumberText.grouped(size)) bytes"))
            if let ratio { words.append(("compressible to", "a part in \(UnitText.plain(ratio))")) }
        case .file(let path, _): words.append(("values", "from \(path)"))
        case .ordinals: words.append(("values", "that count up"))
        }
        if let keys {
            words.append(("keys", "of \(keys.size) bytes, \(NumberText.grouped(keys.cardinality)) different ones"))
        }
        words.append(("rate", rate.map { "\(UnitText.plain($0)) records/s" } ?? "as fast as possible"))
        if warmup > 0 { words.append(("warm-up", "\(NumberText.grouped(warmup)) records")) }
        if embeddedDataDirectory != nil {
            words.append(("broker", "inside this process, whose CPU and memory include it"))
        }
        return words
    }

    /// Reads or makes the values.
    func load() throws -> PerfLoad {
        var load = PerfLoad(records: records, warmup: warmup, schedule: RateSchedule(rate: rate), keys: keys)
        switch values {
        case .generated(let size, let ratio):
            load.pool = PayloadPool(recordSize: size, ratio: ratio, limit: records)
        case .file(let path, let delimiter):
            let pool = PayloadPool(splitting: try PayloadFile.contents(of: path), at: delimiter)
            guard pool.count > 0 else { throw UsageError("--payload-file \(path) is empty") }
            load.pool = pool
            load.isShuffled = true
        case .ordinals: break
        }
        return load
    }
}
