// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import Testing

@Suite("Fault files")
struct FaultScriptTests {
    @Test(
        "each line is read as it is meant, and a fault describes itself as its line",
        arguments: [
            ("produce 3 error NOT_ENOUGH_REPLICAS", Fault(.error(.notEnoughReplicas), to: .produce, when: .nth(3))),
            ("produce 5 append-then-drop", Fault(.appendThenDrop, to: .produce, when: .nth(5))),
            ("any every 100 delay 200ms", Fault(.delay(.milliseconds(200)), when: .every(100))),
            (
                "produce 3-7 limit 4 node 2 topic a.b partition 0 error-after-append REQUEST_TIMED_OUT",
                Fault(
                    .errorAfterAppend(.requestTimedOut),
                    to: .produce,
                    when: .range(3...7),
                    limit: 4,
                    node: 2,
                    topic: "a.b",
                    partition: 0
                )
            ),
            ("init-producer-id drop", Fault(.drop, to: .initProducerID)),
            ("api-versions 2- no-answer", Fault(.noAnswer, to: .apiVersions, when: .from(2))),
            ("connection 1-2 node 1 drop", Fault(.drop, to: .connection, when: .range(1...2), node: 1)),
            ("fetch 12.5% delay-answer 5ms", Fault(.delayAnswer(.milliseconds(5)), to: .fetch, when: .chance(0.125))),
            ("fetch 29.0% drop", Fault(.drop, to: .fetch, when: .chance(0.29))),
            ("metadata torn 7 2ms", Fault(.torn(bytes: 7, pause: .milliseconds(2)), to: .metadata)),
            ("list-offsets half-answer", Fault(.halfAnswer, to: .listOffsets)),
            (
                "end-txn 2 delay-markers 70ms",
                Fault(.delayMarkers(.milliseconds(70)), to: .endTransaction, when: .nth(2))
            ),
            (
                "end-txn move-coordinator to 2 loading 70ms",
                Fault(.moveCoordinator(to: 2, loading: .milliseconds(70)), to: .endTransaction)
            ),
            ("offset-fetch move-coordinator", Fault(.moveCoordinator(to: nil, loading: .zero), to: .offsetFetch)),
            ("find-coordinator wrong-correlation-id", Fault(.wrongCorrelationID, to: .findCoordinator)),
            ("create-topics throttle 1500ms", Fault(.throttle(.milliseconds(1500)), to: .createTopics)),
            (
                "produce 9 move-leader to 2 without-hints stale-metadata 3",
                Fault(.moveLeader(to: 2, hints: false, staleMetadata: 3), to: .produce, when: .nth(9))
            ),
            ("produce move-leader", Fault(.moveLeader(to: nil, hints: true, staleMetadata: 0), to: .produce)),
            (
                "produce 4 down 250ms",
                Fault(.down(.milliseconds(250), keepingLeaders: false), to: .produce, when: .nth(4))
            ),
            ("any down 1ms keeping-leaders", Fault(.down(.milliseconds(1), keepingLeaders: true))),
            ("produce 4 kill 250ms", Fault(.kill(.milliseconds(250)), to: .produce, when: .nth(4))),
            ("any freeze 5ms", Fault(.freeze(.milliseconds(5)))),
            ("any part 5ms", Fault(.part(.milliseconds(5), from: nil))),
            ("produce part 5ms from 2", Fault(.part(.milliseconds(5), from: 2), to: .produce)),
            ("any refuse-connections 10ms", Fault(.refuseConnections(.milliseconds(10)))),
            ("produce forget-producers", Fault(.forgetProducers(refusing: false), to: .produce)),
            ("produce forget-producers refusing", Fault(.forgetProducers(refusing: true), to: .produce)),
            (
                "produce topic t refuse-records containing not so good",
                Fault(.refuseRecords(containing: "not so good"), to: .produce, topic: "t")
            ),
            ("fetch 1 alter-value", Fault(.spoil(.alteredValue), to: .fetch, when: .nth(1))),
            (
                "fetch topic t partition 0 lose-record",
                Fault(.spoil(.lostRecord), to: .fetch, topic: "t", partition: 0)
            ),
        ] as [(String, Fault)]
    )
    func lines(line: String, expected: Fault) throws {
        let fault = try Fault(parsing: line)
        #expect(fault == expected)
        #expect(fault.description == line)
    }

    @Test("spaces, comments, the seed, seconds and defaults")
    func script() throws {
        let text = """
            # what goes wrong
            seed 42

              produce   3\terror NOT_ENOUGH_REPLICAS\r
            any torn 5
            any down 2s
            """
        let script = try FaultScript(parsing: text, file: "f")
        #expect(script.seed == 42)
        #expect(
            script.faults == [
                Fault(.error(.notEnoughReplicas), to: .produce, when: .nth(3)),
                Fault(.torn(bytes: 5, pause: .milliseconds(1))), Fault(.down(.seconds(2), keepingLeaders: false)),
            ]
        )
    }

    @Test(
        "what cannot be read is named with file and line",
        arguments: [
            ("produced 3 drop", "\"produced\" is none of produce, fetch,"), ("produce", "what happens is missing"),
            ("produce 3", "what happens is missing"), ("produce 3x drop", "\"3x\" is no number"),
            ("produce 0 drop", "\"0\" is no number"), ("produce 7-3 drop", "\"7-3\" is no number"),
            ("produce 3-4-5 drop", "\"3-4-5\""), ("produce 120% drop", "\"120%\""),
            ("produce every drop", "\"drop\" after every"), ("produce limit 0 drop", "\"0\" after limit"),
            ("produce node x drop", "\"x\" after node"), ("produce fail", "\"fail\" is nothing that can happen"),
            ("produce error NOT_ENOUGH", "\"NOT_ENOUGH\" is no error"), ("produce error NONE", "\"NONE\" is no error"),
            ("produce error", "the error's name is missing"), ("produce delay 5", "\"5\" is no time"),
            ("produce delay -5ms", "\"-5ms\" is no time"),
            ("produce drop now", "\"now\" follows where the line should end"),
            ("produce torn 0", "\"0\" after torn"), ("produce alter-value", "an answer to produce has no records"),
            ("produce refuse-records bad", "must be followed by containing"),
            ("connection error NOT_ENOUGH_REPLICAS", "a connection can only be dropped"),
            ("produce delay-markers 5ms", "produce ends no transaction"),
            ("fetch move-coordinator", "fetch names no group"),
            ("seed x", "\"seed\" is none of"),
        ]
    )
    func errors(line: String, expected: String) {
        do throws(EmbeddedBrokerError) {
            _ = try FaultScript(parsing: "any drop\n\n\(line)\n", file: "faults.txt")
            Issue.record("\(line) is no fault")
        } catch {
            #expect(error.code == .invalidFault)
            #expect(error.message.hasPrefix("faults.txt:3: "))
            #expect(error.message.contains(expected), "\(error.message)")
        }
    }

    @Test("times of any length have a text")
    func longestTime() {
        #expect("\(Fault(.delay(.seconds(Int64.max))))".contains("9223372036854775807ms"))
        #expect("\(Fault(.delay(.seconds(Int64.min))))".contains("-9223372036854775808ms"))
        #expect("\(Fault(.delay(.microseconds(1500))))".contains("1ms"))
    }

    @Test(
        "faults of brokers that there are not are refused at the start",
        arguments: ["any node 2 drop", "any move-leader to 4", "any move-coordinator to 4"]
    )
    func unknownNodes(line: String) async throws {
        var configuration = EmbeddedBroker.Configuration()
        configuration.faults = FaultScript([try Fault(parsing: line)])
        #expect(await failure(starting: configuration)?.code == .invalidConfiguration)
    }
}
