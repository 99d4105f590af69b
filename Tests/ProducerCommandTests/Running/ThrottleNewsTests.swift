// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProducer
import Testing

@testable import ProducerCommand

/// What `-v` says of a broker that throttles with each of its answers.
@Suite("News of throttling")
struct ThrottleNewsTests {
    private let broker = BrokerAddress(nodeID: 2, host: "b", port: 9092)

    @Test("its beginning, the total every ten seconds, and its end are told, not each answer")
    func lines() {
        var news = ThrottleNews()
        #expect(news.lines(at: 0) == [])
        var said: [String] = []
        for tick in 0..<120 {
            let time = Double(tick) / 5
            news.throttled(broker, for: .milliseconds(100), at: time)
            said += news.lines(at: time)
        }
        #expect(
            said == [
                "b:9092 (id 2) asks to wait (a quota): 0.10 s",
                "b:9092 (id 2) goes on asking to wait; 5.10 s so far",
                "b:9092 (id 2) goes on asking to wait; 10.1 s so far",
            ]
        )
        #expect(news.lines(at: 25.8) == [])
        #expect(news.lines(at: 26) == ["b:9092 (id 2) does not ask to wait any more; it was 12.0 s in all"])
        #expect(news.lines(at: 99) == [])
    }

    @Test("a pause that is longer than the calm is not its end")
    func longPause() {
        var news = ThrottleNews()
        news.throttled(broker, for: .seconds(30), at: 1)
        #expect(news.lines(at: 1).count == 1)
        #expect(news.lines(at: 10.9) == [])
        #expect(news.lines(at: 12) == ["b:9092 (id 2) goes on asking to wait; 30.0 s so far"])
        #expect(news.lines(at: 33).count == 1)
    }
}
