// SPDX-License-Identifier: Apache-2.0
//
// Reads a topic as a consumer group, and looks after the group, by Kafka's own Java client.
//
//   java -cp CLASSPATH GroupClient [-X NAME=VALUE]... HOST:PORT TOPIC MEMBERS COUNT
//
// So many members join one after the other, and read until so many records are committed. Each record is a line
// "read MEMBER PARTITION OFFSET", each change of a member's partitions a line "has MEMBER PARTITION...". Then the
// administrator's client says what it sees, takes a member out, and deletes the group; each step is a line. Its exit status is
// 1, with one line on stderr, when anything fails.

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Members of a group, and its administrator. */
public final class GroupClient {
    private static final String GROUP = "java group";
    /** After so long without an end something is wrong. */
    private static final long PATIENCE_MS = 60_000;

    private final Properties settings;
    private final String topic;

    private GroupClient(Properties settings, String topic) {
        this.settings = settings;
        this.topic = topic;
    }

    /** A consumer that says which partitions it has. */
    private final class Member implements ConsumerRebalanceListener {
        final KafkaConsumer<String, String> consumer;
        private final String name;
        private final Set<Integer> partitions = new TreeSet<>();
        private boolean isToCommit;
        private boolean isCommitting;

        Member(int number) {
            name = "member-" + number;
            Properties own = new Properties();
            own.putAll(settings);
            own.setProperty("group.id", GROUP);
            own.setProperty("client.id", name);
            own.setProperty("auto.offset.reset", "earliest");
            own.setProperty("enable.auto.commit", "false");
            own.setProperty("heartbeat.interval.ms", "100");
            own.setProperty("fetch.max.wait.ms", "10");
            own.setProperty("max.poll.records", "3");
            if (own.containsKey("static")) own.setProperty("group.instance.id", name);
            own.remove("static");
            consumer = new KafkaConsumer<>(own, new StringDeserializer(), new StringDeserializer());
            consumer.subscribe(List.of(topic), this);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> more) {
            for (TopicPartition each : more) partitions.add(each.partition());
            sayPartitions();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> gone) {
            for (TopicPartition each : gone) partitions.remove(each.partition());
            sayPartitions();
        }

        private void sayPartitions() {
            String words = partitions.stream().map(number -> " " + number).collect(Collectors.joining());
            System.out.println("has " + name + words);
        }

        /**
         * Reads what there is, and commits it without waiting: the broker answers nothing on a connection on which it lets a
         * member wait for others. What is refused is tried again, or is another member's now, which reads it again.
         */
        void read() {
            var records = consumer.poll(Duration.ofMillis(20));
            for (ConsumerRecord<String, String> record : records) {
                System.out.println("read " + name + " " + record.partition() + " " + record.offset());
                isToCommit = true;
            }
            if (!isToCommit || isCommitting) return;
            isToCommit = false;
            isCommitting = true;
            consumer.commitAsync((offsets, error) -> {
                isCommitting = false;
                if (error != null) isToCommit = true;
            });
        }
    }

    private List<Member> share(Admin admin, int count, int most) throws ExecutionException, InterruptedException {
        List<Member> members = new ArrayList<>();
        long deadline = System.currentTimeMillis() + PATIENCE_MS;
        while (System.currentTimeMillis() < deadline) {
            if (members.size() < most) members.add(new Member(members.size()));
            for (Member member : members) member.read();
            boolean balanced = members.size() == most;
            for (Member member : members) balanced = balanced && !member.partitions.isEmpty();
            if (balanced && committed(admin) == count) return members;
        }
        throw new KafkaException("not everything was committed");
    }

    private long committed(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets =
            admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get();
        return offsets.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
    }

    private ConsumerGroupDescription describe(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of(GROUP)).all().get().get(GROUP);
    }

    private void look(Admin admin) throws ExecutionException, InterruptedException {
        ConsumerGroupDescription group = describe(admin);
        int partitions = group.members().stream().mapToInt(each -> each.assignment().topicPartitions().size()).sum();
        System.out.printf(
            "group %s, %s, %s, %d members with %d partitions%n",
            group.groupState(), group.type(), group.partitionAssignor(), group.members().size(), partitions);
    }

    private void administrate(Admin admin, List<Member> members) throws ExecutionException, InterruptedException {
        look(admin);
        var listed = admin.listGroups().all().get().stream().map(each -> each.groupId() + " " + each.protocol());
        System.out.println("listed " + listed.collect(Collectors.joining(", ")));
        try {
            admin.deleteConsumerGroups(List.of(GROUP)).all().get();
        } catch (ExecutionException error) {
            System.out.println("not deleted: " + error.getCause().getClass().getSimpleName());
        }
        try {
            admin.deleteConsumerGroupOffsets(GROUP, Set.of(new TopicPartition(topic, 0))).all().get();
        } catch (ExecutionException error) {
            System.out.println("offset not deleted: " + error.getCause().getClass().getSimpleName());
        }
        if (settings.containsKey("static")) {
            var gone = Set.of(new MemberToRemove("member-0"));
            admin.removeMembersFromConsumerGroup(GROUP, new RemoveMembersFromConsumerGroupOptions(gone)).all().get();
            System.out.println("removed, left " + describe(admin).members().size());
        }
        for (Member member : members) member.consumer.close();
        // Static members do not leave when they are closed.
        if (settings.containsKey("static")) {
            admin.removeMembersFromConsumerGroup(GROUP, new RemoveMembersFromConsumerGroupOptions()).all().get();
        }
        look(admin);
        admin.deleteConsumerGroupOffsets(GROUP, Set.of(new TopicPartition(topic, 0))).all().get();
        var left = admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get();
        System.out.println("offsets left " + left.size());
        admin.deleteConsumerGroups(List.of(GROUP)).all().get();
        System.out.println("groups left " + admin.listGroups().all().get().size());
    }

    public static void main(String[] arguments) {
        Properties settings = new Properties();
        int next = 0;
        while (next + 1 < arguments.length && arguments[next].equals("-X")) {
            String[] sides = arguments[next + 1].split("=", 2);
            settings.setProperty(sides[0], sides[1]);
            next += 2;
        }
        settings.setProperty("bootstrap.servers", arguments[next]);
        Properties own = new Properties();
        own.setProperty("bootstrap.servers", arguments[next]);
        try (Admin admin = Admin.create(own)) {
            GroupClient client = new GroupClient(settings, arguments[next + 1]);
            int members = Integer.parseInt(arguments[next + 2]);
            client.administrate(admin, client.share(admin, Integer.parseInt(arguments[next + 3]), members));
        } catch (KafkaException | ExecutionException | InterruptedException error) {
            System.err.println("GroupClient: " + error + (error.getCause() == null ? "" : "; " + error.getCause()));
            System.exit(1);
        }
    }
}
