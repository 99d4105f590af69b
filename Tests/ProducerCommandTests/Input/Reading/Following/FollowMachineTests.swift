// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("What is read next of a followed file")
struct FollowMachineTests {
    private typealias Look = FollowMachine.Look

    @Test("growth is read, a file that was cut off begins anew, and otherwise there is nothing to do")
    func alone() {
        var machine = FollowMachine()
        #expect(machine.looked(Look(unread: 7, size: 7), at: 0) == .read)
        #expect(machine.looked(Look(unread: 0, size: 7), at: 1) == .wait)
        #expect(machine.looked(Look(unread: -5, size: 2), at: 2) == .restart)
        #expect(machine.looked(Look(unread: 2, size: 2), at: 2) == .read)
    }

    @Test("the old file is read to its end before the new one, however much the new one holds")
    func oldFirst() {
        var machine = FollowMachine()
        #expect(machine.looked(Look(unread: 5, size: 9, later: [100]), at: 0) == .read)
        #expect(machine.looked(Look(unread: 0, size: 9, later: [100]), at: 0) == .goOn)
        // What is written to the renamed file comes before what the new one holds.
        #expect(machine.looked(Look(earlier: [3], unread: 100, size: 100), at: 1) == .readEarlier(0))
        #expect(machine.looked(Look(earlier: [0], unread: 100, size: 100), at: 1) == .read)
    }

    @Test("of several files that got the name between two looks each has its turn, empty ones too")
    func several() {
        var machine = FollowMachine()
        #expect(machine.looked(Look(later: [0, 10, 10]), at: 0) == .goOn)
        #expect(machine.looked(Look(earlier: [0], later: [10, 10]), at: 0) == .goOn)
        #expect(machine.looked(Look(earlier: [0, 0], unread: 10, size: 10, later: [10]), at: 0) == .read)
        #expect(machine.looked(Look(earlier: [0, 0], unread: 0, size: 10, later: [10]), at: 0) == .goOn)
    }

    @Test("a record that is being written ends in its file, unless nobody writes it for the time of grace")
    func partialRecord() {
        let grace = FollowMachine.grace
        var machine = FollowMachine()
        #expect(machine.looked(Look(size: 9, holdsPartialRecord: true, later: [0]), at: 0) == .wait)
        #expect(machine.looked(Look(unread: 4, size: 13, holdsPartialRecord: true, later: [0]), at: 1) == .read)
        #expect(machine.looked(Look(size: 13, holdsPartialRecord: true, later: [1]), at: 2) == .goOn)
        var silent = FollowMachine()
        #expect(silent.looked(Look(size: 9, holdsPartialRecord: true, later: [0]), at: 0) == .wait)
        #expect(silent.looked(Look(size: 9, holdsPartialRecord: true, later: [0]), at: grace - 0.1) == .wait)
        #expect(silent.looked(Look(size: 9, holdsPartialRecord: true, later: [0]), at: grace) == .goOn)
    }

    @Test("an old file is kept while the new one is empty, then for the time of grace after its last growth")
    func grace() {
        let grace = FollowMachine.grace
        var machine = FollowMachine()
        #expect(machine.looked(Look(later: [0]), at: 0) == .goOn)
        #expect(machine.looked(Look(earlier: [0]), at: 1000) == .wait)
        #expect(machine.looked(Look(earlier: [0], unread: 1, size: 1), at: 1001) == .read)
        #expect(machine.looked(Look(earlier: [0], size: 1), at: 1001 + grace - 0.1) == .wait)
        #expect(machine.looked(Look(earlier: [8], size: 1), at: 1001 + grace - 0.1) == .readEarlier(0))
        #expect(machine.looked(Look(earlier: [0], size: 1), at: 1001 + grace) == .wait)
        #expect(machine.looked(Look(earlier: [0], size: 1), at: 1001 + 2 * grace) == .close(0))
        #expect(machine.looked(Look(size: 1), at: 1001 + 2 * grace) == .wait)
    }

    @Test("an old file that is written without a pause takes turns with the new one")
    func turns() {
        var machine = FollowMachine()
        _ = machine.looked(Look(later: [5]), at: 0)
        let look = Look(earlier: [1], unread: 5, size: 5)
        let actions = (0..<4).map { machine.looked(look, at: Double($0)) }
        #expect(actions == [.readEarlier(0), .read, .readEarlier(0), .read])
    }

    @Test("no more old files are kept than descriptors can be spared, and one that was cut off is not")
    func bounds() {
        var machine = FollowMachine()
        let many = [Int64](repeating: 0, count: FollowMachine.mostEarlier + 1)
        #expect(machine.looked(Look(earlier: many, unread: 1, size: 1), at: 0) == .close(0))
        #expect(machine.looked(Look(earlier: [0, -1, 0], unread: 1, size: 1), at: 0) == .close(1))
    }
}
