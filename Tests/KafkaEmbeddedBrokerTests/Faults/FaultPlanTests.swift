// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaEmbeddedBroker

@Suite("The fault plan")
struct FaultPlanTests {
    private func arrival(
        _ api: APIKey = .produce,
        node: Int32 = 1,
        _ places: (String, Int32?)...
    ) -> RequestArrival {
        RequestArrival(
            event: .request(api),
            node: node,
            places: places.map { RequestArrival.Place(topic: $0.0, partition: $0.1) }
        )
    }

    /// The numbers, from 1 on, of the first requests that a fault happens to.
    private func hits(_ fault: Fault, of count: Int = 12, seed: UInt64 = 0) -> [Int] {
        var plan = FaultPlan(FaultScript([fault], seed: seed))
        return (1...count).filter { _ in plan.decide(arrival()) != nil }
    }

    @Test(
        "a fault happens at the requests that its occurrence names, counted from 1",
        arguments: [
            (.always, nil, Array(1...12)), (.nth(3), nil, [3]), (.range(3...5), nil, [3, 4, 5]),
            (.from(10), nil, [10, 11, 12]),
            (.every(4), nil, [4, 8, 12]), (.chance(0), nil, []), (.chance(1), nil, Array(1...12)),
            (.always, 2, [1, 2]),
            (.every(4), 1, [4]), (.every(0), nil, []),
        ] as [(Fault.Occurrence, Int?, [Int])]
    )
    func occurrences(occurrence: Fault.Occurrence, limit: Int?, expected: [Int]) {
        #expect(hits(Fault(.drop, to: .produce, when: occurrence, limit: limit)) == expected)
    }

    @Test("chance follows from the seed and is about as frequent as it says")
    func chance() {
        let fault = Fault(.drop, to: .produce, when: .chance(0.25))
        let first = hits(fault, of: 2000, seed: 7)
        #expect(first == hits(fault, of: 2000, seed: 7))
        #expect(first != hits(fault, of: 2000, seed: 8))
        #expect((400...600).contains(first.count))
    }

    @Test("only requests that fit are counted: kind, node, topic and partition")
    func fitting() {
        var plan = FaultPlan(
            FaultScript([Fault(.drop, to: .produce, when: .nth(2), node: 2, topic: "a", partition: 3)])
        )
        let others = [
            arrival(.metadata, node: 2, ("a", nil)), arrival(node: 1, ("a", 3)), arrival(node: 2, ("a", 4)),
            arrival(node: 2, ("b", 3)), arrival(node: 2),
        ]
        let fitting = arrival(node: 2, ("b", 0), ("a", 3))
        for other in others { #expect(plan.decide(other) == nil) }
        #expect(plan.decide(fitting) == nil)
        for other in others { #expect(plan.decide(other) == nil) }
        #expect(plan.decide(fitting) != nil)
        #expect(plan.performed.map(\.count) == [1])
    }

    @Test("any means every request and no connection, and a connection no request")
    func events() {
        let connection = RequestArrival(event: .connection, node: 1)
        var any = FaultPlan(FaultScript([Fault(.drop)]))
        #expect(any.decide(arrival(.metadata)) != nil)
        #expect(any.decide(connection) == nil)
        var connecting = FaultPlan(FaultScript([Fault(.drop, to: .connection)]))
        #expect(connecting.decide(arrival()) == nil)
        #expect(connecting.decide(connection)?.isDropped == true)
    }

    @Test("faults that fit one request come together, and of endings the first one counts")
    func together() throws {
        var plan = FaultPlan(
            FaultScript([
                Fault(.delay(.milliseconds(5))), Fault(.error(.notEnoughReplicas), topic: "a", partition: 1),
                Fault(.halfAnswer), Fault(.noAnswer), Fault(.delay(.milliseconds(7))), Fault(.throttle(.seconds(1))),
            ])
        )
        let decided = plan.decide(arrival(.produce, ("a", 1), ("a", 2)))
        let orders = try #require(decided)
        #expect(orders.delay == .milliseconds(12))
        #expect(orders.ending == .halved)
        #expect(orders.throttle == .seconds(1))
        #expect(orders.error(topic: "a", partition: 1) == .notEnoughReplicas)
        #expect(orders.error(topic: "a", partition: 2) == nil)
        #expect(orders.error(topic: "b", partition: 1) == nil)
        #expect(orders.faults.count == 6)
    }

    @Test("a plan that is emptied says so")
    func removing() {
        var plan = FaultPlan(FaultScript([Fault(.drop)]))
        #expect(!plan.isEmpty)
        plan.removeAll()
        #expect(plan.isEmpty)
        #expect(plan.decide(arrival()) == nil)
    }
}
