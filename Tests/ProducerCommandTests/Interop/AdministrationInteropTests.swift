// SPDX-License-Identifier: Apache-2.0
import Testing

/// The embedded broker beside administrators' clients that this project did not write.
@Suite("Interop: administration", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct AdministrationInteropTests {
    @Test("Java's administrator makes, changes, looks at and deletes what there is")
    func java() async throws {
        let folder = try TemporaryDirectory()
        let control = ["--control", folder.path + "/ctl"]
        let topics = ["--topic", "secret-1:1", "--topic", "moved:1,replication.factor=3"]
        let broker = try await EmbeddedBrokerProcess(["--brokers", "3"] + topics + control)
        // Another broker leads then.
        for words in [["stop", "1"], ["start", "1"]] {
            let done = try await ChildProcess.run(TestTools.kafkaProducer(), ["broker", "ctl"] + control + words)
            #expect(done.status == 0, "\(done)")
        }
        let finished = try await JavaClient.execute("AdminClient", [broker.bootstrap])
        #expect(finished.status == 0, "\(finished)")
        let acl =
            "(pattern=ResourcePattern(resourceType=TOPIC, name=secret-, patternType=PREFIXED), "
            + "entry=(principal=User:alice, host=*, operation=READ, permissionType=ALLOW))"
        #expect(
            finished.outputLines == [
                "created 2 3", "created again TopicExistsException", "fewer partitions InvalidPartitionsException",
                "partitions [1, 2, 3, 1]", "cluster 3",
                "configs delete,compact 5000 604800000 DEFAULT_CONFIG", "policy delete", "broker -1",
                "unknown config InvalidConfigurationException", "impossible config InvalidConfigurationException",
                "led by 2 of 3", "elected true", "led by 1 of 3", "unclean ElectionNotNeededException",
                "begins at 3", "too far OffsetOutOfRangeException", "earliest 3",
                "producers 1 4 OptionalLong.empty", "replicas in log dirs 3", "reassignments 0",
                "election none, but ElectionNotNeededException", "all elections 0",
                "transaction load Ongoing Ongoing [made-0]", "open since OptionalLong[5]", "latest 6 5",
                "transaction load CompleteCommit CompleteCommit []", "open since OptionalLong.empty", "latest 7 7",
                "read 3", "truncated to 7",
                "acls [\(acl)]", "host InvalidRequestException", "not written TopicAuthorizationException",
                "deleted 1", "left 0",
                "quotas {ClientQuotaEntity(entries={client-id=slow})={producer_byte_rate=1000.0}}",
                "unknown quota InvalidRequestException", "throttled true", "quotas left 0",
                "deleted again UnknownTopicOrPartitionException",
            ]
        )
    }

    @Test("so does confluent-kafka's")
    func confluent() async throws {
        let broker = try await EmbeddedBrokerProcess(["--brokers", "3"])
        let finished = try await ChildProcess.run(
            TestTools.path("venv/bin/python"),
            ["-W", "ignore", TestTools.path("administer.py"), broker.bootstrap]
        )
        #expect(finished.status == 0, "\(finished)")
        #expect(
            finished.outputLines.filter { !$0.hasPrefix("records") } == [
                "created None", "again TOPIC_ALREADY_EXISTS", "partitions None", "metadata 3", "altered None",
                "configs 2000 604800000 True", "broker 604800000", "rule None", "rules ['User:a']", "gone 1",
                "groups 0", "cluster 3", "deleted None", "deleted again UNKNOWN_TOPIC_OR_PART",
            ]
        )
    }
}
