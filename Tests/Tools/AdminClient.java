// SPDX-License-Identifier: Apache-2.0
//
// Administrates a cluster of three brokers by Kafka's own Java client, and prints what it sees, a step a line.
//
//   java -cp CLASSPATH AdminClient HOST:PORT
//
// There is a topic `moved` with one partition, of which the first of its three replicas does not lead, but is or comes in sync.
//
// Its exit status is 1, with one line on stderr, when anything fails that is not meant to.

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** An administrator. */
public final class AdminClient {
    private static final String TOPIC = "made";
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);

    private final Admin admin;
    private final Properties settings;

    private AdminClient(Admin admin, Properties settings) {
        this.admin = admin;
        this.settings = settings;
    }

    private static void say(Object... words) {
        System.out.println(java.util.Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" ")));
    }

    /** What a call that is to fail fails with. */
    private static String failure(Callable<?> call) throws Exception {
        try {
            return "none, but " + call.call();
        } catch (ExecutionException error) {
            return error.getCause().getClass().getSimpleName();
        }
    }

    private void topics() throws Exception {
        var topic = new NewTopic(TOPIC, Optional.of(2), Optional.of((short) 3)).configs(Map.of("retention.ms", "1000"));
        var made = admin.createTopics(List.of(topic));
        made.all().get();
        say("created", made.numPartitions(TOPIC).get(), made.replicationFactor(TOPIC).get());
        say("created again", failure(() -> admin.createTopics(List.of(topic)).all().get()));
        admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(4))).all().get();
        say("fewer partitions", failure(() -> admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(4))).all().get()));
        TopicDescription described = admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC);
        say("partitions", described.partitions().stream().map(each -> each.leader().id()).toList());
        say("cluster", admin.describeCluster().nodes().get().size());
    }

    private Config config() throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }

    private void alter(OpType type, String name, String value) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        var change = new AlterConfigOp(new ConfigEntry(name, value), type);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    }

    private void configs() throws Exception {
        alter(OpType.APPEND, "cleanup.policy", "compact");
        alter(OpType.SET, "max.message.bytes", "5000");
        alter(OpType.DELETE, "retention.ms", "");
        Config config = config();
        say("configs", config.get("cleanup.policy").value(), config.get("max.message.bytes").value(),
            config.get("retention.ms").value(), config.get("retention.ms").source());
        alter(OpType.SUBTRACT, "cleanup.policy", "compact");
        say("policy", config().get("cleanup.policy").value());
        var broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        say("broker", admin.describeConfigs(List.of(broker)).all().get().get(broker).get("queued.max.request.bytes").value());
        say("unknown config", failure(() -> { alter(OpType.SET, "no.such.thing", "1"); return 0; }));
        say("impossible config", failure(() -> { alter(OpType.SET, "retention.ms", "x"); return 0; }));
    }

    private void records() throws Exception {
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int number = 0; number < 5; number++) {
                producer.send(new ProducerRecord<>(TOPIC, 0, null, "value " + number)).get();
            }
        }
        var deleted = admin.deleteRecords(Map.of(FIRST, RecordsToDelete.beforeOffset(3))).lowWatermarks();
        say("begins at", deleted.get(FIRST).get().lowWatermark());
        say("too far", failure(() -> admin.deleteRecords(Map.of(FIRST, RecordsToDelete.beforeOffset(9))).all().get()));
        say("earliest", admin.listOffsets(Map.of(FIRST, OffsetSpec.earliest())).all().get().get(FIRST).offset());
        var producers = admin.describeProducers(List.of(FIRST)).partitionResult(FIRST).get().activeProducers();
        say("producers", producers.size(), producers.get(0).lastSequence(), producers.get(0).currentTransactionStartOffset());
        long size = admin.describeLogDirs(List.of(1, 2, 3)).allDescriptions().get().values().stream()
            .flatMap(each -> each.values().stream()).flatMap(each -> each.replicaInfos().entrySet().stream())
            .filter(each -> each.getKey().equals(FIRST)).count();
        say("replicas in log dirs", size);
        say("reassignments", admin.listPartitionReassignments().reassignments().get().size());
        say("election", failure(() -> admin.electLeaders(ElectionType.PREFERRED, Set.of(FIRST)).partitions().get()
            .get(FIRST).map(each -> each.getClass().getSimpleName()).orElse("done")));
        say("all elections", admin.electLeaders(ElectionType.PREFERRED, null).partitions().get().size());
    }

    private String leader() throws Exception {
        var partition = admin.describeTopics(List.of("moved")).allTopicNames().get().get("moved").partitions().get(0);
        return partition.leader().id() + " of " + partition.isr().size();
    }

    private void elections() throws Exception {
        while (!leader().endsWith("of 3")) Thread.sleep(20);
        say("led by", leader());
        var moved = new TopicPartition("moved", 0);
        say("elected", admin.electLeaders(ElectionType.PREFERRED, Set.of(moved)).partitions().get().get(moved).isEmpty());
        say("led by", leader());
        say("unclean", admin.electLeaders(ElectionType.UNCLEAN, Set.of(moved)).partitions().get().get(moved)
            .map(each -> each.getClass().getSimpleName()).orElse("done"));
    }

    /** What is there of the transaction, for administrators and for readers of either isolation. */
    private void look() throws Exception {
        var described = admin.describeTransactions(List.of("load")).all().get().get("load");
        var listed = admin.listTransactions().all().get().iterator().next();
        say("transaction", listed.transactionalId(), listed.state(), described.state(), described.topicPartitions());
        var producers = admin.describeProducers(List.of(FIRST)).partitionResult(FIRST).get().activeProducers().stream()
            .filter(each -> each.producerId() == listed.producerId()).toList();
        say("open since", producers.get(0).currentTransactionStartOffset());
        var latest = Map.of(FIRST, OffsetSpec.latest());
        var committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        say("latest", admin.listOffsets(latest).all().get().get(FIRST).offset(),
            admin.listOffsets(latest, committed).all().get().get(FIRST).offset());
    }

    private void transactions() throws Exception {
        Properties own = new Properties();
        own.putAll(settings);
        own.setProperty("transactional.id", "load");
        try (var producer = new KafkaProducer<>(own, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, 0, null, "open")).get();
            look();
            producer.commitTransaction();
            while (admin.describeTransactions(List.of("load")).all().get().get("load").state()
                != TransactionState.COMPLETE_COMMIT) Thread.sleep(20);
            look();
        }
    }

    /** A consumer asks where the epoch ends in which it read last, and finds that its position is behind that. */
    private void epochs() throws Exception {
        Properties own = new Properties();
        own.setProperty("bootstrap.servers", settings.getProperty("bootstrap.servers"));
        own.setProperty("auto.offset.reset", "none");
        try (var consumer = new KafkaConsumer<>(own, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, new OffsetAndMetadata(3, Optional.of(0), ""));
            int read = 0;
            while (read < 3) read += consumer.poll(Duration.ofMillis(100)).count();
            say("read", read);
            consumer.seek(FIRST, new OffsetAndMetadata(100, Optional.of(0), ""));
            while (true) consumer.poll(Duration.ofMillis(100));
        } catch (LogTruncationException error) {
            say("truncated to", error.divergentOffsets().get(FIRST).offset());
        }
    }

    private void acls() throws Exception {
        var pattern = new ResourcePattern(ResourceType.TOPIC, "secret-", PatternType.PREFIXED);
        var entry = new AccessControlEntry("User:alice", "*", AclOperation.READ, AclPermissionType.ALLOW);
        admin.createAcls(List.of(new AclBinding(pattern, entry))).all().get();
        Collection<AclBinding> found = admin.describeAcls(AclBindingFilter.ANY).values().get();
        say("acls", found);
        var host = new AccessControlEntry("User:alice", "10.0.0.1", AclOperation.READ, AclPermissionType.ALLOW);
        say("host", failure(() -> admin.createAcls(List.of(new AclBinding(pattern, host))).all().get()));
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("secret-1", 0, null, "x")).get();
            say("written");
        } catch (ExecutionException error) {
            say("not written", error.getCause().getClass().getSimpleName());
        }
        var named = new AclBindingFilter(
            new ResourcePatternFilter(ResourceType.TOPIC, "secret-1", PatternType.MATCH), AccessControlEntryFilter.ANY);
        say("deleted", admin.deleteAcls(List.of(named)).all().get().size());
        say("left", admin.describeAcls(AclBindingFilter.ANY).values().get().size());
    }

    private void quotas() throws Exception {
        var entity = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, "slow"));
        var rate = new ClientQuotaAlteration.Op("producer_byte_rate", 1000.0);
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, List.of(rate)))).all().get();
        say("quotas", admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get());
        var other = new ClientQuotaAlteration.Op("no_such_rate", 1.0);
        say("unknown quota", failure(() -> admin.alterClientQuotas(
            List.of(new ClientQuotaAlteration(entity, List.of(other)))).all().get()));
        Properties own = new Properties();
        own.putAll(settings);
        own.setProperty("client.id", "slow");
        try (var producer = new KafkaProducer<>(own, new StringSerializer(), new StringSerializer())) {
            for (int number = 0; number < 3; number++) {
                producer.send(new ProducerRecord<>(TOPIC, 1, null, "x".repeat(600))).get();
            }
            double throttled = producer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("produce-throttle-time-max"))
                .mapToDouble(metric -> (Double) metric.metricValue()).max().orElse(0);
            say("throttled", throttled > 0);
        }
        var gone = new ClientQuotaAlteration.Op("producer_byte_rate", null);
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, List.of(gone)))).all().get();
        say("quotas left", admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get().size());
    }

    private void end() throws Exception {
        admin.deleteTopics(List.of(TOPIC)).all().get();
        say("deleted again", failure(() -> admin.deleteTopics(List.of(TOPIC)).all().get()));
    }

    public static void main(String[] arguments) {
        Properties settings = new Properties();
        settings.setProperty("bootstrap.servers", arguments[0]);
        settings.setProperty("linger.ms", "0");
        Properties own = new Properties();
        own.setProperty("bootstrap.servers", arguments[0]);
        try (Admin admin = Admin.create(own)) {
            AdminClient client = new AdminClient(admin, settings);
            client.topics();
            client.configs();
            client.elections();
            client.records();
            client.transactions();
            client.epochs();
            client.acls();
            client.quotas();
            client.end();
        } catch (Exception error) {
            System.err.println("AdminClient: " + error + (error.getCause() == null ? "" : "; " + error.getCause()));
            System.exit(1);
        }
    }
}
