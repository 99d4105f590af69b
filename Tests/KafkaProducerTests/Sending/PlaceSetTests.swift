// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Testing

@testable import KafkaProducer

/// Some of the places of a table, each once.
@Suite("PlaceSet")
struct PlaceSetTests {
    @Test("it is a set, whatever is put in and taken out", arguments: 0..<20)
    func model(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var set = PlaceSet()
        var model: Set<Int> = []
        for _ in 0..<500 {
            let place = Int.random(in: 0..<30, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0:
                var taken = [99]
                set.takeAll(into: &taken)
                #expect(taken.first == 99 && Set(taken.dropFirst()) == model && taken.count == model.count + 1)
                model = []
            case 1..<11: #expect(set.insert(place) == model.insert(place).inserted)
            default: #expect(set.remove(place) == (model.remove(place) != nil))
            }
            #expect(set.count == model.count && Set(set.places) == model && set.isEmpty == model.isEmpty)
            #expect(set.contains(place) == model.contains(place))
        }
    }
}
