// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaEmbeddedBroker

/// Which brokers run, and which are taken for dead.
@Suite("NodeTable")
struct NodeTableTests {
    private func table(of count: Int32 = 3) -> NodeTable {
        NodeTable((1...count).map { Node(id: $0, host: "localhost", port: 9091 + Int($0)) })
    }

    @Test("the first broker that runs and is not taken for dead is the controller, and broker 1 when none does")
    func controller() {
        var nodes = table(of: 2)
        #expect(nodes.controllerID == 1)
        nodes.wentDown(1, .killed)
        #expect(nodes.controllerID == 2)
        nodes.froze(2, now: 5)
        #expect(nodes.controllerID == 2, "nothing is heard of it, but that is not known yet")
        nodes.fenced(2)
        #expect(nodes.controllerID == 1)
    }

    @Test("before brokers listen all of them run")
    func empty() {
        let nodes = NodeTable()
        #expect(nodes.isUp(1) && nodes.isActive(1) && nodes.canAct(1) && nodes.canReach(1, 2))
        #expect(nodes[id: 1] == nil && nodes.controllerID == 1)
        #expect(!nodes.canAct(Partition.noLeader))
    }

    @Test("a broker that went down unnoticed is named to clients, another one is not, and what it had in hand is lost")
    func down() {
        var nodes = table()
        nodes.wentDown(1, .unnoticed)
        nodes.wentDown(2, .killed)
        #expect(nodes.map(\.isAnnounced) == [true, false, true])
        #expect(nodes.map(\.isUp) == [false, false, true])
        #expect(nodes.map(\.incarnation) == [1, 1, 0])
        nodes.cameUp(2)
        nodes.cameBack(2)
        #expect(nodes[id: 2]?.isAnnounced == true && nodes.isActive(2))
        nodes.loseWhatIsInHand()
        #expect(nodes.map(\.incarnation) == [2, 2, 1])
    }

    @Test("a frozen broker does nothing, is silent once its time is over, and is taken for dead until it comes back")
    func frozen() {
        var nodes = table()
        nodes.froze(2, now: 100)
        nodes.froze(2, now: 150)
        #expect(nodes.isActive(2) && !nodes.canAct(2) && !nodes.canReach(1, 2))
        #expect(nodes.silent(now: 199, timeout: 100).isEmpty)
        #expect(nodes.silent(now: 200, timeout: 100) == [2], "it counts from when it froze first")
        nodes.fenced(2)
        #expect(nodes.silent(now: 300, timeout: 100).isEmpty && !nodes.isActive(2))
        #expect(nodes[id: 2]?.isAnnounced == false)
        let thaws = [nodes.thawed(2), nodes.thawed(2)]
        #expect(thaws == [true, false])
        nodes.cameBack(2)
        #expect(nodes.isActive(2) && nodes.canReach(1, 2))
    }

    @Test("a broker that is down does not freeze")
    func downAndFrozen() {
        var nodes = table()
        nodes.wentDown(1, .killed)
        nodes.froze(1, now: 1)
        #expect(nodes[id: 1]?.isFrozen == false)
    }

    @Test("parted brokers cannot reach each other, and act all the same")
    func parted() {
        var nodes = table()
        nodes.links.part(1, 2)
        #expect(!nodes.canReach(1, 2) && !nodes.canReach(2, 1) && nodes.canReach(1, 3))
        #expect(nodes.canAct(1) && nodes.canAct(2))
    }
}
