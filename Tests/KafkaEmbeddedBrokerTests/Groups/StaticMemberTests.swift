// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Static members of a group")
struct StaticMemberTests {
    /// Two static members that know what they are to do, the leader first.
    private func stable() throws -> (GroupBench, [String]) {
        var bench = GroupBench()
        bench.join(instance: "a")
        let first = try #require(bench.joined(bench.ticket)).memberID
        bench.join(instance: "b")
        let ticket = bench.ticket
        bench.join(first, instance: "a")
        let second = try #require(bench.joined(ticket)).memberID
        bench.sync(first, instance: "a", [first: "for a", second: "for b"])
        bench.sync(second, instance: "b")
        return (bench, [first, second])
    }

    @Test("a member that comes back gets what it had, without a rebalance, and its former id is fenced")
    func back() throws {
        var (bench, ids) = try stable()
        let generation = bench.group.generation
        bench.join(instance: "b")
        let next = try #require(bench.joined(bench.ticket))
        #expect(next.errorCode == .none && next.memberID != ids[1] && next.generationID == generation)
        #expect(next.leader == ids[0] && next.members == [] && bench.group.phase == .stable)
        #expect(bench.heartbeat(ids[1], instance: "b") == .fencedInstanceID)
        #expect(bench.sync(ids[1], instance: "b") == .fencedInstanceID)
        #expect(bench.commit(ids[1], generation: generation, instance: "b") == .fencedInstanceID)
        #expect(bench.leave(ids[1], instance: "b") == .fencedInstanceID)
        #expect(bench.join(ids[1], instance: "b")?.code == .fencedInstanceID)
        bench.sync(next.memberID, instance: "b")
        #expect(bench.synced(bench.ticket)?.assignment == ByteBuffer(string: "for b"))
    }

    @Test("a leader that comes back still leads, and is told not to assign", arguments: [(Int16(8), false), (9, true)])
    func leader(version: Int16, skips: Bool) throws {
        var (bench, ids) = try stable()
        bench.join(instance: "a", version: version)
        let next = try #require(bench.joined(bench.ticket))
        #expect(next.skipAssignment == skips)
        #expect(next.leader == (skips ? next.memberID : ids[0]))
        #expect(next.members.count == (skips ? 2 : 0))
        #expect(bench.group.leader == next.memberID && bench.group.phase == .stable)
    }

    @Test("who joins while its place is taken over while it waits is told that it was fenced")
    func fencedWhileWaiting() throws {
        var (bench, ids) = try stable()
        bench.join(ids[0], instance: "a")
        let waiting = bench.ticket
        bench.join(instance: "a")
        #expect(bench.joined(waiting)?.errorCode == .fencedInstanceID)
        bench.join(ids[1], instance: "b")
        #expect(bench.group.phase == .completingRebalance)
        bench.sync(ids[1], instance: "b")
        let synced = bench.ticket
        bench.join(instance: "b")
        #expect(bench.synced(synced)?.errorCode == .fencedInstanceID)
        #expect(bench.group.phase == .preparingRebalance)
    }

    @Test("a member that does not join again in time stays for its session's time")
    func late() throws {
        var (bench, ids) = try stable()
        bench.join(ids[0], instance: "a", session: 100_000)
        bench.heartbeat(ids[1], instance: "b")
        bench.pass(9_000)
        bench.heartbeat(ids[1], instance: "b")
        bench.pass(9_000)
        bench.heartbeat(ids[1], instance: "b")
        bench.pass(9_000)
        bench.heartbeat(ids[1], instance: "b")
        bench.pass(9_000)
        #expect(bench.joined(bench.ticket)?.members.count == 2, "it is a member though it has not come")
        bench.pass(10_000)
        #expect(bench.group.members[ids[1]] == nil)
    }

    @Test("a rebalance that no member has joined goes on until the sessions are over")
    func nobody() throws {
        var (bench, ids) = try stable()
        bench.join(instance: "c")
        bench.leave("", instance: "c")
        #expect(bench.group.phase == .preparingRebalance)
        for _ in 0..<5 {
            for (id, instance) in zip(ids, ["a", "b"]) { bench.heartbeat(id, instance: instance) }
            bench.pass(9_000)
        }
        #expect(bench.group.phase == .preparingRebalance && bench.group.members.count == 2)
        bench.pass(10_000)
        #expect(bench.group.phase == .empty)
    }

    @Test("an administrator takes a member out by its name alone")
    func takenOut() throws {
        var (bench, ids) = try stable()
        #expect(bench.leave("", instance: "b") == nil)
        #expect(bench.group.members.keys.sorted() == [ids[0]] && bench.group.instances == ["a": ids[0]])
    }
}
