// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// What is written down of a group, as Kafka does: its generation, and what each member was told to do.
struct GroupRecord {
    /// Without what waits, and without deadlines.
    private let former: ClassicGroup
    /// When it was written, in milliseconds since 1970.
    let date: Int64

    init(_ group: ClassicGroup, date: Int64) {
        former = group
        self.date = date
    }

    /// The group as a coordinator has it that has just read its state: members have a whole session to be heard of.
    func group(now: Int64) -> ClassicGroup {
        var group = ClassicGroup()
        group.generation = former.generation
        group.protocolType = former.protocolType
        for member in former.membersInOrder {
            var kept = member
            kept.joinTicket = nil
            kept.syncTicket = nil
            kept.owesSync = false
            kept.isNew = false
            kept.order = group.takeOrder()
            kept.deadline = now + member.sessionTimeout
            kept.protocols = member.protocols.filter { $0.name == former.protocolName }
            group.members[member.id] = kept
            if let instance = member.instance { group.instances[instance] = member.id }
        }
        guard !group.members.isEmpty else { return group }
        group.phase = .stable
        group.protocolName = former.protocolName
        group.leader = former.leader
        return group
    }

    // MARK: Text

    /// All of it in one line: generation, date, kind, protocol, leader, and each member behind a space.
    var text: String {
        let words =
            ["\(former.generation)", "\(date)"]
            + [former.protocolType, former.protocolName, former.leader].map(Self.word)
        return (words + former.membersInOrder.map { text(of: $0) }).joined(separator: " ")
    }

    private func text(of member: GroupMember) -> String {
        [
            Self.word(member.id), Self.word(member.instance), Self.word(member.clientID), Self.word(member.clientHost),
            "\(member.rebalanceTimeout)", "\(member.sessionTimeout)",
            Self.word(member.metadata(for: former.protocolName)), Self.word(member.assignment),
        ].joined(separator: ",")
    }

    /// What a line says, or nil when it says nothing that can be used.
    init?(text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 5, let generation = Int32(words[0]), let date = Int64(words[1]) else { return nil }
        var group = ClassicGroup()
        group.generation = generation
        group.protocolType = Self.text(of: words[2])
        group.protocolName = Self.text(of: words[3])
        group.leader = Self.text(of: words[4])
        for word in words[5...] {
            guard var member = Self.member(word, group.protocolName) else { return nil }
            member.order = group.takeOrder()
            group.members[member.id] = member
        }
        guard group.members.isEmpty || group.leader.map({ group.members[$0] != nil }) == true else { return nil }
        self.init(group, date: date)
    }

    private static func member(_ text: Substring, _ protocolName: String?) -> GroupMember? {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 8, let id = Self.text(of: fields[0]), let clientID = Self.text(of: fields[2]),
            let clientHost = Self.text(of: fields[3]), let rebalanceTimeout = Int64(fields[4]),
            let sessionTimeout = Int64(fields[5]), let metadata = bytes(of: fields[6]),
            let assignment = bytes(of: fields[7])
        else { return nil }
        return GroupMember(
            id: id,
            instance: Self.text(of: fields[1]),
            clientID: clientID,
            clientHost: clientHost,
            rebalanceTimeout: rebalanceTimeout,
            sessionTimeout: sessionTimeout,
            protocols: protocolName.map { [.init(name: $0, metadata: metadata)] } ?? [],
            assignment: assignment
        )
    }

    private static func word(_ text: String?) -> String { text.map { "=" + $0.escapedWord } ?? "-" }

    private static func word(_ bytes: ByteBuffer) -> String {
        String(decoding: Base64Text.encode(Array(bytes.readableBytesView)), as: UTF8.self)
    }

    private static func text(of word: Substring) -> String? { word.first == "=" ? word.dropFirst().unescapedWord : nil }

    private static func bytes(of word: Substring) -> ByteBuffer? {
        Base64Text.decode(Array(word.utf8)).map { ByteBuffer(bytes: $0) }
    }
}
