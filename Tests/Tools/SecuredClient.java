// SPDX-License-Identifier: Apache-2.0
//
// Sends records over a secured connection and reads them back, by Kafka's own Java client.
//
//   java -cp CLASSPATH SecuredClient [--count N] [--pause MILLISECONDS] [-X NAME=VALUE]... HOST:PORT TOPIC
//
// Sends the values one after the other, each after the one before it is acknowledged and with a pause between them, and
// prints those that it reads back in the order of their offsets, a line each. The first line on stderr has the producer's
// own count of connections, of logins and of logins that were renewed. Its exit status is 1, with one line on stderr, when
// the login is refused or anything else fails for good, and 2 when it was called wrongly.

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes and reads partition 0 of a topic. */
public final class SecuredClient {
    /** After so long without an answer something is wrong. */
    private static final int PATIENCE_MS = 20_000;

    private final Properties settings;
    private final String topic;
    private final int count;

    private SecuredClient(Properties settings, String topic, int count) {
        this.settings = settings;
        this.topic = topic;
        this.count = count;
    }

    private void send(int pause) throws InterruptedException, ExecutionException {
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int number = 0; number < count; number++) {
                if (number > 0) Thread.sleep(pause);
                producer.send(new ProducerRecord<>(topic, 0, null, "value " + number)).get();
            }
            System.err.printf(
                "connections %d, logins %d, renewed %d%n",
                total(producer, "connection-creation-total"),
                total(producer, "successful-authentication-total"),
                total(producer, "successful-reauthentication-total"));
        }
    }

    private static long total(KafkaProducer<?, ?> producer, String name) {
        return producer.metrics().values().stream()
            .filter(metric -> metric.metricName().group().equals("producer-metrics"))
            .filter(metric -> metric.metricName().name().equals(name))
            .mapToLong(metric -> ((Number) metric.metricValue()).longValue())
            .sum();
    }

    private void read() {
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            for (int left = count; left > 0;) {
                var records = consumer.poll(Duration.ofMillis(PATIENCE_MS));
                if (records.isEmpty()) throw new KafkaException("not read: " + left + " records");
                for (ConsumerRecord<String, String> record : records) System.out.println(record.value());
                left -= records.count();
            }
        }
    }

    /** What went wrong, down to what it began with. */
    private static String words(Throwable error) {
        StringBuilder words = new StringBuilder(String.valueOf(error));
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            words.append("; ").append(cause);
        }
        return words.toString();
    }

    private static void fail(int status, String reason) {
        System.err.println("SecuredClient: " + reason);
        System.exit(status);
    }

    public static void main(String[] arguments) throws InterruptedException {
        Properties settings = new Properties();
        settings.setProperty("linger.ms", "0");
        settings.setProperty("max.block.ms", String.valueOf(PATIENCE_MS));
        settings.setProperty("delivery.timeout.ms", String.valueOf(PATIENCE_MS));
        settings.setProperty("request.timeout.ms", String.valueOf(PATIENCE_MS));
        settings.setProperty("fetch.max.wait.ms", "10");
        int count = 1, pause = 0, next = 0;
        for (; next + 1 < arguments.length && arguments[next].startsWith("-"); next += 2) {
            String value = arguments[next + 1];
            if (arguments[next].equals("--count")) {
                count = Integer.parseInt(value);
            } else if (arguments[next].equals("--pause")) {
                pause = Integer.parseInt(value);
            } else if (arguments[next].equals("-X") && value.contains("=")) {
                String[] setting = value.split("=", 2);
                settings.setProperty(setting[0], setting[1]);
            } else {
                fail(2, "see the head of its source");
            }
        }
        String[] rest = Arrays.copyOfRange(arguments, next, arguments.length);
        if (rest.length != 2) fail(2, "see the head of its source");
        settings.setProperty("bootstrap.servers", rest[0]);
        SecuredClient client = new SecuredClient(settings, rest[1], count);
        try {
            client.send(pause);
            client.read();
        } catch (ExecutionException error) {
            fail(1, words(error.getCause()));
        } catch (KafkaException error) {
            fail(1, words(error));
        }
    }
}
