// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol
import Testing

@testable import ProducerCommand

/// Where a load begins or goes on: each row of the table, as a value.
@Suite("Start of a load")
struct LoadStartTests {
    private static let id = TopicID(mostSignificant: 1, leastSignificant: 2)
    private static let request = LoadRequest(
        topic: "t",
        topicID: id,
        options: 7,
        names: ["a", "b"],
        inputs: [.file(size: 100), .file(size: 50)]
    )

    /// 20 bytes of the second input are committed.
    private static let position: LoadPosition = {
        var position = LoadPosition()
        (position.topicID, position.options, position.inputCount) = (id, 7, 2)
        position.names = request.checksum(ofFirst: 2)
        (position.input, position.place, position.recordsInInput) = (1, 20, 2)
        (position.bytes, position.records) = (120, 12)
        position.fingerprint = .file(hashedBytes: 20, hash: 5)
        return position
    }()

    private static func facts(
        _ stored: StoredPosition,
        id: TransactionalIDKnowledge = .unknown,
        note: Bool = false,
        fromStart: Bool = false
    ) -> LoadStart.Facts {
        let facts = LoadStart.Facts(
            stored: stored,
            transactionalID: id,
            hasNote: note,
            present: .file(hashedBytes: 20, hash: 5),
            fromStart: fromStart
        )
        return facts
    }

    private static func refusal(_ request: LoadRequest, _ facts: LoadStart.Facts) -> LoadRefusal? {
        do throws(LoadRefusal) { _ = try LoadStart(request, facts) } catch { return error }
        return nil
    }

    @Test("a position that fits is gone on from, and at the end of all inputs there is nothing to do")
    func goesOn() throws {
        let facts = Self.facts(.position(Self.position), id: .known(state: "Empty"), note: true)
        #expect(try LoadStart(Self.request, facts) == .goOn(Self.position))
        var request = Self.request
        request.inputs[1] = .file(size: 20)
        #expect(try LoadStart(request, facts) == .nothingToDo(Self.position))
        request.follows = true
        #expect(try LoadStart(request, facts) == .goOn(Self.position))
        // More inputs after the known ones.
        request = Self.request
        request.names.append("c")
        request.inputs.append(.file(size: 1))
        #expect(try LoadStart(request, facts) == .goOn(Self.position))
    }

    @Test("without a position it begins, unless something says that the load has been there")
    func none() throws {
        #expect(try LoadStart(Self.request, Self.facts(.none)) == .begin)
        #expect(try LoadStart(Self.request, Self.facts(.none, id: .notTold)) == .begin)
        #expect(Self.refusal(Self.request, Self.facts(.none, note: true)) == .lost(.note))
        #expect(Self.refusal(Self.request, Self.facts(.none, id: .known(state: "Empty"))) == .lost(.transactionalID))
        let known = TransactionalIDKnowledge.known(state: "Ongoing")
        #expect(try LoadStart(Self.request, Self.facts(.none, id: known, note: true, fromStart: true)) == .begin)
        #expect(try LoadStart(Self.request, Self.facts(.forgotten, id: known, note: true)) == .begin)
    }

    @Test("a position that does not fit is refused, also with --from-start")
    func misfits() {
        func refusal(_ change: (inout LoadRequest) -> Void) -> LoadRefusal? {
            var request = Self.request
            change(&request)
            return Self.refusal(request, Self.facts(.position(Self.position), fromStart: true))
        }
        #expect(refusal { $0.topicID.leastSignificant = 3 } == .topicMadeAnew)
        #expect(refusal { $0.topicID = .zero } == nil)
        #expect(refusal { $0.options = 8 } == .otherOptions)
        #expect(refusal { ($0.names, $0.inputs) = (["a"], [.file(size: 100)]) } == .fewerInputs(before: 2, now: 1))
        #expect(refusal { $0.names = ["b", "a"] } == .otherNames)
        #expect(refusal { $0.inputs[0] = .file(size: 101) } == .finishedInputsChanged(before: 100, now: 101))
        #expect(refusal { $0.inputs[0] = .stream } == nil)
        #expect(refusal { $0.inputs[1] = .file(size: 19) } == .shrunk("b", committed: 20, size: 19))
        #expect(refusal { $0.inputs[1] = .stream } == .otherKind("b"))
        #expect(refusal { $0.inputs[1] = .awaited } == .otherKind("b"))
        var other = Self.facts(.position(Self.position))
        other.present = .file(hashedBytes: 20, hash: 6)
        #expect(Self.refusal(Self.request, other) == .otherBeginning("b"))
        #expect(Self.refusal(Self.request, Self.facts(.elsewhere(topic: "x"))) == .otherTopic("x"))
        let unreadable = StoredPosition.unreadable(offset: 3, metadata: "?")
        #expect(Self.refusal(Self.request, Self.facts(unreadable)) == .unreadable(offset: 3, metadata: "?"))
    }

    @Test("what a group has committed is told apart: ours, another topic's, nobody's, forgotten")
    func stored() {
        func entry(_ topic: String, _ metadata: String, partition: Int32 = 0) -> GroupPosition {
            GroupPosition(topic: topic, partition: partition, offset: 120, metadata: metadata)
        }
        let own = Self.position.text
        #expect(StoredPosition([], topic: "t") == .none)
        #expect(StoredPosition([entry("t", own)], topic: "t") == .position(Self.position))
        #expect(StoredPosition([entry("t", own, partition: 1)], topic: "t") == .none)
        #expect(StoredPosition([entry("u", own)], topic: "t") == .elsewhere(topic: "u"))
        #expect(StoredPosition([entry("u", LoadPosition.forgotten)], topic: "t") == .none)
        #expect(
            StoredPosition([entry("u", own), entry("t", LoadPosition.forgotten)], topic: "t") == .elsewhere(topic: "u")
        )
        #expect(StoredPosition([entry("t", LoadPosition.forgotten)], topic: "t") == .forgotten)
        #expect(StoredPosition([entry("t", "")], topic: "t") == .unreadable(offset: 120, metadata: ""))
    }

    @Test(
        "names of loads are names of files, too",
        arguments: ["a", "orders-2026.03_x", String(repeating: "n", count: 150)]
    )
    func names(text: String) throws {
        #expect(try LoadName(text).transactionalID == "kafka-producer.\(text)")
    }

    @Test("other names are refused", arguments: ["", "a/b", "a b", "ä", String(repeating: "n", count: 151)])
    func badNames(text: String) {
        #expect(throws: UsageError.self) { try LoadName(text) }
    }
}
