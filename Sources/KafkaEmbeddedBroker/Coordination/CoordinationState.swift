// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// What the coordinators of a cluster know: transactional ids, groups and their offsets; and what administrators said. Each change is written down before
/// it is made, where there is a data directory, and so is there again after a restart.
final class CoordinationState {
    /// Which broker coordinates what.
    var placement = CoordinatorPlacement()
    /// The protocol that clients are told to follow.
    private(set) var level: TransactionProtocol
    /// Rises with each change of the protocol.
    private(set) var featuresEpoch: Int64 = 1
    /// Whether no marker is written for the time being.
    var holdsMarkers: Bool
    /// Markers that are written, of transactions that do not have all of theirs.
    var markersWritten: [String: Set<TransactionPartition>] = [:]
    /// By how many milliseconds the clock of the coordinators is ahead.
    var clockLead: Int64 = 0

    private(set) var transactions: [String: TransactionEntry] = [:]
    private(set) var offsets = GroupOffsets()
    /// The groups that somebody has joined. Those that only have offsets are not among them.
    private(set) var groups: [String: ClassicGroup] = [:]
    /// Who may do what, as administrators said it.
    private(set) var accessRules: Set<AccessRule> = []
    /// How much clients may produce.
    private(set) var quotas = QuotaTable()
    /// What is written down of groups.
    private var storedGroups: [String: GroupRecord] = [:]
    /// Rises with each start and each coordinator that moves; markers name it.
    private(set) var coordinatorEpoch: Int32 = 0
    private var journal: StateJournal

    private static let epochKey = "epoch"

    /// - Parameters:
    ///   - path: The file of the data directory; nil for memory.
    ///   - configuration: How transactions are set up.
    ///   - flushes: Whether each change is flushed to the disk.
    ///   - disk: What comes before each write; nothing but in tests.
    /// - Throws: When the file cannot be read or written.
    init(
        path: String?,
        _ configuration: EmbeddedBroker.Transactions,
        flushes: Bool,
        disk: Disk
    ) throws(StorageError) {
        level = configuration.version
        holdsMarkers = configuration.holdsMarkers
        journal = try StateJournal(path: path, flushes: flushes, disk: disk)
        for (key, value) in journal.values { read(key, value) }
        guard !journal.values.isEmpty else { return }
        coordinatorEpoch = (journal.values[Self.epochKey].flatMap { Int32($0) } ?? 0) &+ 1
        try journal.apply([StateJournal.Change(key: Self.epochKey, value: "\(coordinatorEpoch)")])
    }

    /// The time of the coordinators, in milliseconds since 1970.
    var now: Int64 { Moment.now.milliseconds + clockLead }

    /// The time of groups, which does not jump, in milliseconds.
    var uptime: Int64 { Int64(Moment.now.uptime.uptimeNanoseconds / 1_000_000) + clockLead }

    /// The largest producer id that a transactional id has.
    var largestProducerID: Int64? { transactions.values.map(\.largestID).max() }

    /// Changes what is known of a transactional id; nil forgets it.
    func set(_ entry: TransactionEntry?, for id: String) throws(StorageError) {
        try journal.apply([StateJournal.Change(key: "t/" + id.escapedWord, value: entry?.text)])
        transactions[id] = entry
    }

    /// Changes offsets of groups.
    func apply(_ changes: [GroupOffsets.Change]) throws(StorageError) {
        guard !changes.isEmpty else { return }
        try journal.apply(
            changes.map { StateJournal.Change(key: Self.key($0.place, $0.producerID), value: $0.offset?.text) }
        )
        offsets.apply(changes)
    }

    /// Changes who may do what.
    func keep(_ rules: Set<AccessRule>) throws(StorageError) {
        let gone = accessRules.subtracting(rules).map { StateJournal.Change(key: "a/" + $0.text, value: nil) }
        let come = rules.subtracting(accessRules).map { StateJournal.Change(key: "a/" + $0.text, value: "") }
        if !gone.isEmpty || !come.isEmpty { try journal.apply(gone + come) }
        accessRules = rules
    }

    /// Changes how much clients may produce; nil takes a quota away.
    func setQuota(_ rate: Double?, of entity: QuotaTable.Entity) throws(StorageError) {
        try journal.apply([StateJournal.Change(key: "q/" + entity.text, value: rate.map { "\($0)" })])
        quotas.set(rate, of: entity)
    }

    // MARK: Groups

    /// Changes a group; what must be there after a restart is written down first.
    func set(_ group: ClassicGroup, for name: String) throws(StorageError) {
        if group.revision != groups[name]?.revision ?? 0 {
            let record = GroupRecord(group, date: now)
            try journal.apply([StateJournal.Change(key: "g/" + name.escapedWord, value: record.text)])
            storedGroups[name] = record
        }
        groups[name] = group
    }

    /// Takes a group as it was written down, as a coordinator does that has read its state.
    func reload(_ name: String) {
        groups[name] = storedGroups[name].map { $0.group(now: uptime) }
    }

    /// Forgets a group with its offsets.
    func forget(group name: String) throws(StorageError) {
        let offsets = self.offsets.changes(withoutGroup: name)
        var changes = offsets.map { StateJournal.Change(key: Self.key($0.place, $0.producerID), value: nil) }
        if storedGroups[name] != nil { changes.append(StateJournal.Change(key: "g/" + name.escapedWord, value: nil)) }
        if !changes.isEmpty { try journal.apply(changes) }
        storedGroups[name] = nil
        groups[name] = nil
        self.offsets.apply(offsets)
    }

    /// Throws when somebody may not commit offsets of a group.
    func checkCommit(_ committer: ClassicGroup.Committer, of name: String) throws(GroupRefusal) {
        guard groups[name] != nil || offsets.isKnown(name) else {
            guard committer.generation < 0 else { throw GroupRefusal(.groupIDNotFound) }
            return
        }
        var group = groups[name] ?? ClassicGroup()
        try group.commit(committer, now: uptime)
        if groups[name] != nil { groups[name] = group }
    }

    /// Forgets offsets that are too old: of groups that have no members, since they have none, and of those that never had any
    /// since they were committed. Groups of which nothing is left are forgotten too.
    func expireOffsets(after retention: Duration) throws(StorageError) {
        let oldest = now - retention.milliseconds
        try apply(
            offsets.changes(committedBefore: oldest).filter { change in
                guard let group = groups[change.place.group] else { return true }
                guard group.phase == .empty else { return false }
                return storedGroups[change.place.group].map { $0.date < oldest } ?? true
            }
        )
        for (name, group) in groups where group.isForgettable && !offsets.isKnown(name) { try forget(group: name) }
    }

    /// Takes note that a coordinator moved.
    func coordinatorMoved() throws(StorageError) {
        try journal.apply([StateJournal.Change(key: Self.epochKey, value: "\(coordinatorEpoch &+ 1)")])
        coordinatorEpoch &+= 1
    }

    /// Changes the protocol that clients are told to follow.
    func change(to level: TransactionProtocol) {
        guard level != self.level else { return }
        self.level = level
        featuresEpoch += 1
    }

    private static func key(_ place: GroupOffset.Place, _ producerID: Int64?) -> String {
        let words = "\(place.group.escapedWord)/\(place.partition.topic.escapedWord)/\(place.partition.index)"
        return producerID.map { "p/\($0)/" + words } ?? "o/" + words
    }

    /// Takes over a line; one that was damaged says nothing.
    private func read(_ key: String, _ value: String) {
        let words = key.split(separator: "/", omittingEmptySubsequences: false)
        switch (words.first, words.count) {
        case ("t", 2): transactions[words[1].unescapedWord] = TransactionEntry(text: value)
        case ("a", 7): if let rule = AccessRule(text: key.dropFirst(2)) { accessRules.insert(rule) }
        case ("q", 3):
            guard let rate = Double(value), rate > 0, rate.isFinite else { return }
            if let entity = QuotaTable.Entity(text: key.dropFirst(2)) { quotas.set(rate, of: entity) }
        case ("g", 2):
            guard let record = GroupRecord(text: value) else { return }
            let name = words[1].unescapedWord
            storedGroups[name] = record
            groups[name] = record.group(now: uptime)
        case ("o", 4): readOffset(words[1...], nil, value)
        case ("p", 5): if let producerID = Int64(words[1]) { readOffset(words[2...], producerID, value) }
        default: break
        }
    }

    private func readOffset(_ words: ArraySlice<Substring>, _ producerID: Int64?, _ value: String) {
        let words = Array(words)
        guard words.count == 3, let index = Int32(words[2]), let offset = GroupOffset(text: value) else { return }
        let partition = TransactionPartition(words[1].unescapedWord, index)
        let place = GroupOffset.Place(group: words[0].unescapedWord, partition: partition)
        offsets.apply([GroupOffsets.Change(place: place, producerID: producerID, offset: offset)])
    }
}
