// SPDX-License-Identifier: Apache-2.0
//
// A bare producer on Kafka's Java client, to compare with: the shortest way from the lines of stdin to
// KafkaProducer.send. Its command line is that of rdkafka-producer.c.
//
//   java -cp CLASSPATH JavaLineProducer [-k] [-a VERSION] [-X NAME=VALUE]... HOST:PORT TOPIC < lines
//   java -cp CLASSPATH JavaLineProducer --version
//
//   -k             the key stands before a tab in each line
//   -a VERSION     the highest version of the ApiVersions request: librdkafka's mock brokers answer 3 and up with bytes
//                  that the client takes for a throttle time of minutes, and it sends nothing
//   -X NAME=VALUE  a setting of the Java producer
//
// Its exit status is 1 when a record was not acknowledged, and 2 when it was called wrongly.

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/** Sends the lines of stdin to a topic. */
public final class JavaLineProducer {
    private static final int READ_SIZE = 1 << 20;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final boolean isKeyed;
    private final AtomicLong failures = new AtomicLong();
    private final Callback delivered = (metadata, error) -> {
        if (error != null && failures.getAndIncrement() == 0) System.err.println("JavaLineProducer: " + error);
    };

    private JavaLineProducer(Properties settings, String topic, boolean isKeyed) {
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = topic;
        this.isKeyed = isKeyed;
    }

    /**
     * Sends what is between two positions of a chunk; the tab is where the first one from there on stands. After a
     * failure it sends nothing, since where no broker answers each record would wait for a minute.
     */
    private void send(byte[] chunk, int start, int end, int tab) {
        if (failures.get() > 0) return;
        boolean hasKey = isKeyed && tab >= start && tab < end;
        byte[] key = hasKey ? Arrays.copyOfRange(chunk, start, tab) : null;
        byte[] value = Arrays.copyOfRange(chunk, hasKey ? tab + 1 : start, end);
        producer.send(new ProducerRecord<>(topic, key, value), delivered);
    }

    /** Sends the lines of stdin, waits for their acknowledgements and returns how many records failed. */
    private long run() throws IOException {
        byte[] chunk = new byte[2 * READ_SIZE];
        int held = 0;
        try (FileInputStream input = new FileInputStream(FileDescriptor.in)) {
            for (int got; (got = input.read(chunk, held, READ_SIZE)) > 0;) {
                held += got;
                // As a string, since the virtual machine finds a byte in one many times faster than a loop does.
                String text = new String(chunk, 0, held, StandardCharsets.ISO_8859_1);
                int start = 0, tab = -1;
                for (int end; (end = text.indexOf('\n', start)) >= 0; start = end + 1) {
                    if (isKeyed && tab < start) tab = indexOrEnd(text, '\t', start);
                    send(chunk, start, end, tab);
                }
                held -= start;
                if (held > READ_SIZE) throw new IOException("a line is too long");
                System.arraycopy(chunk, start, chunk, 0, held);
            }
        }
        if (held > 0) {
            String text = new String(chunk, 0, held, StandardCharsets.ISO_8859_1);
            send(chunk, 0, held, indexOrEnd(text, '\t', 0));
        }
        producer.close();
        return failures.get();
    }

    private static int indexOrEnd(String text, char character, int start) {
        int index = text.indexOf(character, start);
        return index < 0 ? text.length() : index;
    }

    /** The client has no setting for this; its table of versions is filled once, before a producer is made. */
    private static void limitApiVersions(short version) throws ReflectiveOperationException {
        Field highest = ApiMessageType.class.getDeclaredField("highestSupportedVersion");
        highest.setAccessible(true);
        highest.setShort(ApiMessageType.API_VERSIONS, version);
    }

    private static void fail(String reason) {
        System.err.println("JavaLineProducer: " + reason);
        System.exit(2);
    }

    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            System.out.println(AppInfoParser.getVersion() + " on Java " + System.getProperty("java.version"));
            return;
        }
        Properties settings = new Properties();
        boolean isKeyed = false;
        int next = 0;
        for (; next < arguments.length && arguments[next].startsWith("-"); next++) {
            if (arguments[next].equals("-k")) {
                isKeyed = true;
            } else if (arguments[next].equals("-a") && next + 1 < arguments.length) {
                limitApiVersions(Short.parseShort(arguments[++next]));
            } else if (arguments[next].equals("-X") && next + 1 < arguments.length) {
                String[] setting = arguments[++next].split("=", 2);
                if (setting.length != 2) fail("-X wants NAME=VALUE");
                settings.setProperty(setting[0], setting[1]);
            } else {
                fail("see the head of its source");
            }
        }
        if (arguments.length - next != 2) fail("see the head of its source");
        settings.setProperty("bootstrap.servers", arguments[next]);
        System.exit(new JavaLineProducer(settings, arguments[next + 1], isKeyed).run() == 0 ? 0 : 1);
    }
}
