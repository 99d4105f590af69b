// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("A consumer group as a value")
struct ClassicGroupTests {
    @Test("a first member joins, leads, and tells itself what to do")
    func first() throws {
        var bench = GroupBench()
        let id = bench.joinAnew()
        let joined = try #require(bench.joined(bench.ticket))
        #expect(joined.errorCode == .none && joined.generationID == 1 && joined.leader == id && joined.memberID == id)
        #expect(joined.protocolType == "consumer" && joined.protocolName == "range")
        #expect(joined.members.map(\.memberID) == [id])
        #expect(bench.group.phase == .completingRebalance)
        bench.sync(id, [id: "all"])
        #expect(bench.synced(bench.ticket)?.assignment == ByteBuffer(string: "all"))
        #expect(bench.group.phase == .stable)
    }

    @Test(
        "a new member is sent back for its id from version 4 on, unless it is a static one",
        arguments: [(Int16(3), nil, false), (4, nil, true), (9, nil, true), (5, "i", false), (9, "i", false)]
    )
    func memberIDRequired(version: Int16, instance: String?, isSentBack: Bool) {
        var bench = GroupBench()
        let refusal = bench.join(instance: instance, version: version)
        #expect((refusal?.code == .memberIDRequired) == isSentBack)
        #expect((bench.joined(bench.ticket) != nil) == !isSentBack)
        guard let id = refusal?.memberID else { return }
        // A group of which somebody was only told an id has no members.
        #expect(bench.group.phase == .empty && !bench.group.isForgettable)
        bench.pass(10_000)
        #expect(bench.group.isForgettable)
        #expect(bench.join(id)?.code == .unknownMemberID)
    }

    @Test("a member that joins makes all others join again, and followers wait for the leader")
    func second() throws {
        var bench = GroupBench()
        let leader = bench.stable(1)[0]
        let id = bench.joinAnew()
        let waiting = bench.ticket
        #expect(bench.joined(waiting) == nil && bench.group.phase == .preparingRebalance)
        #expect(bench.heartbeat(leader) == .rebalanceInProgress)
        #expect(bench.sync(leader) == .rebalanceInProgress)
        bench.join(leader)
        #expect(bench.joined(waiting)?.generationID == 2 && bench.joined(waiting)?.members == [])
        #expect(bench.joined(bench.ticket)?.members.map(\.memberID) == [leader, id])
        bench.sync(id)
        let synced = bench.ticket
        #expect(bench.synced(synced) == nil)
        #expect(bench.heartbeat(id) == nil && bench.heartbeat(leader) == nil)
        bench.sync(leader, [id: "half"])
        #expect(bench.synced(synced)?.assignment == ByteBuffer(string: "half"))
        // Of whom the leader says nothing has nothing to do.
        #expect(bench.synced(bench.ticket)?.assignment == ByteBuffer())
    }

    @Test("a member that is not heard of for its session's time is left out, and the others join again")
    func session() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        bench.pass(9_999)
        #expect(bench.heartbeat(ids[1]) == nil && bench.group.phase == .stable)
        #expect(bench.group.nextDeadline == bench.now + 1)
        bench.pass(1)
        #expect(bench.group.phase == .preparingRebalance && bench.group.members.keys.sorted() == [ids[1]])
        #expect(bench.heartbeat(ids[0]) == .unknownMemberID)
        bench.join(ids[1])
        #expect(bench.joined(bench.ticket)?.leader == ids[1])
    }

    @Test("who does not join again in time is left out, and who waits is heard of")
    func rebalanceTimeout() {
        var bench = GroupBench()
        let ids = bench.stable(2, session: 60_000)
        bench.join(ids[0], session: 10_000, rebalance: 30_000)
        let waiting = bench.ticket
        bench.pass(29_999)
        #expect(bench.joined(waiting) == nil && bench.group.members.count == 2)
        bench.pass(1)
        #expect(bench.joined(waiting)?.members.map(\.memberID) == [ids[0]])
        #expect(bench.sync(ids[1]) == .unknownMemberID)
    }

    @Test("who does not ask for what to do in time is left out")
    func syncTimeout() {
        var bench = GroupBench()
        let leader = bench.joinAnew(session: 60_000)
        let other = bench.joinAnew(session: 60_000)
        bench.join(leader, session: 60_000)
        bench.sync(leader, [leader: "all"])
        #expect(bench.synced(bench.ticket)?.assignment == ByteBuffer(string: "all") && bench.group.phase == .stable)
        bench.pass(30_000)
        #expect(bench.group.members[other] == nil && bench.group.phase == .preparingRebalance)
        #expect(bench.heartbeat(leader) == .rebalanceInProgress)
    }

    @Test("a new member whose client is gone holds up its group for five minutes at the most")
    func newMember() {
        var bench = GroupBench()
        let ids = bench.stable(1, session: 600_000)
        bench.join(session: 600_000, rebalance: 600_000, version: 3)
        bench.pass(299_999)
        #expect(bench.group.members.count == 2)
        bench.pass(1)
        #expect(bench.group.members.keys.sorted() == ids)
        #expect(bench.joined(bench.ticket)?.errorCode == .unknownMemberID)
    }

    @Test("the way that most members like best is taken among those that all know")
    func vote() {
        var bench = GroupBench()
        let first = bench.joinAnew(protocols: ["a", "b", "c"])
        let second = bench.joinAnew(protocols: ["b", "a"])
        bench.join(first, protocols: ["a", "b", "c"])
        let third = bench.joinAnew(protocols: ["b", "a", "d"])
        bench.join(first, protocols: ["a", "b", "c"])
        bench.join(second, protocols: ["b", "a"])
        #expect(bench.joined(bench.ticket)?.protocolName == "b")
        #expect(bench.group.members.keys.sorted() == [first, second, third].sorted())
        #expect(bench.join(protocols: ["c", "d"])?.code == .inconsistentGroupProtocol)
        #expect(bench.join(type: "connect", protocols: ["a"])?.code == .inconsistentGroupProtocol)
        #expect(bench.join(type: "", protocols: ["a"])?.code == .inconsistentGroupProtocol)
    }

    @Test("a group that nobody is in any more takes members of another kind")
    func otherKind() {
        var bench = GroupBench()
        let id = bench.stable(1)[0]
        #expect(bench.leave(id) == nil)
        #expect(bench.group.phase == .empty && bench.group.generation == 2 && bench.group.leader == nil)
        #expect(bench.join(type: "connect", protocols: ["x"], version: 3) == nil)
        #expect(bench.group.protocolType == "connect" && bench.group.generation == 3)
        #expect(bench.join(protocols: [])?.code == .inconsistentGroupProtocol)
    }

    @Test("a follower that joins again as it was gets the same generation, and a leader begins another one")
    func again() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        bench.join(ids[1])
        #expect(bench.joined(bench.ticket)?.generationID == 2 && bench.group.phase == .stable)
        bench.join(ids[1], protocols: ["range", "other"])
        #expect(bench.group.phase == .preparingRebalance)
        let waiting = bench.ticket
        bench.join(ids[1])
        #expect(bench.joined(waiting)?.errorCode == .rebalanceInProgress)
        bench.join(ids[0])
        #expect(bench.group.generation == 3)
        bench.join(ids[0])
        #expect(bench.joined(bench.ticket)?.generationID == 3, "it asks again because it got no answer")
    }

    @Test("who leaves is answered what it waits for, and who was only told its id can leave too")
    func leaving() {
        var bench = GroupBench()
        let ids = bench.stable(2)
        #expect(bench.leave("nobody") == .unknownMemberID)
        #expect(bench.leave("", instance: "nobody") == .unknownMemberID)
        let announced = bench.join()?.memberID ?? ""
        bench.join(ids[0])
        let waiting = bench.ticket
        bench.join(ids[1])
        #expect(bench.joined(waiting) == nil, "a member is announced")
        #expect(bench.leave(announced) == nil)
        #expect(bench.joined(waiting)?.generationID == 3)
        bench.sync(ids[1])
        let synced = bench.ticket
        #expect(bench.leave(ids[1]) == nil)
        #expect(bench.synced(synced)?.errorCode == .unknownMemberID)
        #expect(bench.sync(ids[0]) == .rebalanceInProgress)
    }

    @Test("offsets are taken of members of this generation, and of others as long as there are no members")
    func commits() {
        var bench = GroupBench()
        #expect(bench.commit() == nil && bench.commit(isTransactional: true) == nil)
        #expect(bench.commit(generation: 0) == .unknownMemberID)
        let ids = bench.stable(2)
        #expect(bench.commit() == .unknownMemberID)
        #expect(bench.commit(isTransactional: true) == nil, "clients without members may, in a transaction")
        for isTransactional in [false, true] {
            #expect(bench.commit(ids[0], generation: 2, isTransactional: isTransactional) == nil)
            #expect(bench.commit(ids[0], generation: 1, isTransactional: isTransactional) == .illegalGeneration)
            #expect(bench.commit("nobody", generation: 2, isTransactional: isTransactional) == .unknownMemberID)
            #expect(bench.commit("", instance: "i", isTransactional: isTransactional) == .unknownMemberID)
        }
        bench.join(ids[0])
        #expect(bench.commit(ids[1], generation: 2) == nil, "members commit before they join again")
        bench.join(ids[1])
        #expect(bench.commit(ids[1], generation: 2) == .illegalGeneration)
        #expect(bench.commit(ids[1], generation: 3) == .rebalanceInProgress)
        #expect(bench.commit(ids[1], generation: 3, isTransactional: true) == nil)
    }

    @Test("a commit keeps a member in its group")
    func commitIsHeard() {
        var bench = GroupBench()
        let id = bench.stable(1)[0]
        bench.pass(9_000)
        #expect(bench.commit(id, generation: 1) == nil)
        bench.pass(9_000)
        #expect(bench.group.members[id] != nil)
    }

    @Test("the topics that members read are found in what they say, and damaged words say nothing")
    func topics() {
        var subscription = ByteBuffer()
        subscription.writeInteger(Int16(1))
        subscription.writeInteger(Int32(2))
        for topic in ["orders", "ä"] {
            subscription.writeInteger(Int16(topic.utf8.count))
            subscription.writeString(topic)
        }
        #expect(ConsumerSubscription.topics(in: subscription) == ["orders", "ä"])
        for length in 0..<subscription.readableBytes {
            #expect(ConsumerSubscription.topics(in: subscription.getSlice(at: 0, length: length) ?? ByteBuffer()) == [])
        }
        subscription.setInteger(Int32.max, at: 2)
        #expect(ConsumerSubscription.topics(in: subscription) == [])
        subscription.setInteger(Int32(-1), at: 2)
        #expect(ConsumerSubscription.topics(in: subscription) == [])
    }
}
