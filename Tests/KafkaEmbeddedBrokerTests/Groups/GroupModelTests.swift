// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Consumer groups at random")
struct GroupModelTests {
    /// A client as it sees itself.
    private struct Client {
        var id = ""
        var generation: Int32 = -1
        var assignment: String?
        var joining: Int?
        var syncing: Int?
        /// The members that it leads.
        var led: [String]?
    }

    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// Clients that join, work, vanish and come back, each by what it was answered; the leader hands each partition to one.
    @Test("members of one generation never share a partition, and every request is answered once", arguments: 0..<60)
    func random(seed: Int) {
        var dice = Dice(state: UInt64(seed) &* 7919 &+ 1)
        var bench = GroupBench()
        var clients = [Client](repeating: Client(), count: 5)
        var generation: Int32 = 0
        for _ in 0..<400 {
            let number = Int.random(in: 0..<clients.count, using: &dice)
            switch Int.random(in: 0..<12, using: &dice) {
            case 0: bench.pass(Int64.random(in: 0..<6_000, using: &dice))
            case 1: clients[number] = Client()  // It was killed, and begins anew.
            case 2 where clients[number].joining == nil:
                bench.leave(clients[number].id)
                clients[number] = Client()
            default: act(&clients[number], &bench)
            }
            for index in clients.indices { hear(&clients[index], &bench) }
            #expect(bench.group.generation >= generation)
            generation = bench.group.generation
            check(bench, clients)
        }
    }

    private func act(_ client: inout Client, _ bench: inout GroupBench) {
        guard client.joining == nil, client.syncing == nil else { return }
        if client.generation < 0 {
            let refusal = bench.join(client.id)
            client.joining = refusal == nil ? bench.ticket : nil
            if let refusal { client.id = refusal.code == .memberIDRequired ? refusal.memberID ?? "" : "" }
        } else if client.assignment == nil {
            var plan: [String: String] = [:]
            for partition in 0..<4 {
                if let led = client.led { plan[led[partition % led.count], default: ""] += "\(partition)" }
            }
            let code = bench.sync(client.id, generation: client.generation, plan)
            client.syncing = code == nil ? bench.ticket : nil
            if let code { joinAgain(&client, code) }
        } else if let code = bench.heartbeat(client.id, generation: client.generation) {
            joinAgain(&client, code)
        }
    }

    private func joinAgain(_ client: inout Client, _ code: ErrorCode) {
        client = Client(id: code == .unknownMemberID ? "" : client.id)
    }

    /// A client takes the answer that it waited for.
    private func hear(_ client: inout Client, _ bench: inout GroupBench) {
        if let ticket = client.joining, let joined = bench.joined(ticket) {
            client.joining = nil
            guard joined.errorCode == .none else { return joinAgain(&client, joined.errorCode) }
            client.id = joined.memberID
            client.generation = joined.generationID
            client.led = joined.leader == joined.memberID ? joined.members.map(\.memberID) : nil
        }
        if let ticket = client.syncing, let synced = bench.synced(ticket) {
            client.syncing = nil
            guard synced.errorCode == .none else { return joinAgain(&client, synced.errorCode) }
            client.assignment = String(buffer: synced.assignment)
        }
    }

    private func check(_ bench: GroupBench, _ clients: [Client]) {
        let group = bench.group
        #expect((group.phase == .empty) == group.members.isEmpty)
        if let leader = group.leader { #expect(group.members[leader] != nil) }
        #expect(group.phase == .empty || group.leader != nil)
        #expect((group.rebalanceDeadline != nil) == (group.phase == .preparingRebalance))
        if group.phase == .stable { #expect(group.members.values.allSatisfy { $0.syncTicket == nil }) }
        if !group.members.isEmpty { #expect(group.nextDeadline != nil) }
        let working = clients.filter { $0.generation == group.generation && $0.assignment != nil }
        let partitions = working.compactMap(\.assignment).joined()
        #expect(Set(partitions).count == partitions.count, "\(working)")
    }

    @Test("what is written down of a group is read again")
    func record() throws {
        var bench = GroupBench()
        bench.join(instance: "näme, 1", protocols: ["a", "b"])
        let first = try #require(bench.joined(bench.ticket)).memberID
        bench.sync(first, instance: "näme, 1", [first: "all\0\t\n"])
        let text = GroupRecord(bench.group, date: 77).text
        #expect(!text.contains("\n") && !text.contains("\t"))
        let record = try #require(GroupRecord(text: text))
        #expect(record.date == 77 && record.text == text)
        let group = record.group(now: 500)
        #expect(group.phase == .stable && group.generation == 1 && group.leader == first && group.protocolName == "a")
        #expect(group.instances == ["näme, 1": first])
        let member = try #require(group.members[first])
        #expect(member.deadline == 10_500 && member.assignment == ByteBuffer(string: "all\0\t\n"))
        #expect(member.protocols == [.init(name: "a", metadata: ByteBuffer(string: "a of "))])

        bench.leave(first)
        let empty = try #require(GroupRecord(text: GroupRecord(bench.group, date: 78).text)).group(now: 0)
        #expect(empty.phase == .empty && empty.protocolType == "consumer" && empty.generation == 2)
        for length in 0..<text.utf8.count {
            // What was cut off says nothing, or something that holds together.
            let cut = GroupRecord(text: String(decoding: text.utf8.prefix(length), as: UTF8.self))?.group(now: 0)
            if let cut { #expect(cut.members.isEmpty || cut.leader.map { cut.members[$0] != nil } == true) }
        }
    }
}
