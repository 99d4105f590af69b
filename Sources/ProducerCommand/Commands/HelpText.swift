// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The longer texts of `--help`.
enum HelpText {
    /// What follows a usage error of a command.
    static func hint(for command: any ParsableCommand.Type) -> String {
        let name = command == SendCommand.self ? "" : " \(command._commandName)"
        return "try kafka-producer\(name) --help"
    }

    static let root = """
        kafka-producer [send] --topic T [FILE ...] sends lines, and kafka-producer
        send --help lists its options. kafka-producer resend sends failed records
        again. kafka-producer perf measures. kafka-producer broker runs a small broker.
        kafka-producer read prints the records of a topic. kafka-producer doctor says
        what is wrong on the way to a cluster.
        """

    /// Follows the options of `send`.
    static let send = """
        Each line is a record, and its bytes pass unchanged. The last line needs no
        newline; an empty line is an empty record. What could not be delivered is
        counted and named at the end.

        EXAMPLES:
          kafka-producer -b localhost:9092 -t access access.log
          zcat access.*.gz | kafka-producer -c producer.config -t access -z zstd
          kafka-producer -b localhost:9092 -t users -K: users.txt
          find . -print0 | kafka-producer -b localhost:9092 -t files -D '\\0'
          kafka-producer -b localhost:9092 -t bulk -X batch.size=1000000 big.txt
          kafka-producer -t demo --embedded /tmp/kafka hello.txt
          kafka-producer -b localhost:9092 -t bulk --checkpoint bulk.state big.txt
          kafka-producer -b localhost:9092 -t orders --exactly-once nightly orders.csv
          kafka-producer -b localhost:9092 -t access --follow access.log
          kafka-producer -b localhost:9092 -t users --dead-letter bad.jsonl users.txt
          kafka-producer -b localhost:9092 -t users --receipts - users.txt | jq .offset
          kafka-producer -b broker:9093 -t logs --user alice --password-file pw app.log

        SETTINGS:
          Those of Kafka's Java producer, by the same names. An option comes before
          -X, -X before the file, the file before the default; -v shows what holds
          and where it comes from.

        EXIT STATUS:
          0    every record that was read is acknowledged
          1    some records failed; or all are acknowledged, but receipts, dead
               letters, metrics or the checkpoint could not be written
          2    the command line or a setting is wrong, or the system gives too few
               descriptors, threads or too little memory; nothing was sent
          3    no broker could be reached within max.block.ms, or none has answered
               for delivery.timeout.ms (--on-outage), or none took the login;
               what was read failed
          4    an input cannot be read, or not to its end
          130  ended by SIGINT (143 by SIGTERM, 129 by SIGHUP) after what was read
               was delivered; a second signal leaves at once

        OTHER COMMANDS:
          kafka-producer perf     measures throughput and latency
          kafka-producer doctor   says what is wrong on the way to a cluster
          kafka-producer read     prints the records of a topic
          kafka-producer verify   compares what receipts say with what is stored
          kafka-producer resend   sends the records of a --dead-letter file again
          kafka-producer config   says what the settings come to
          kafka-producer exactly-once  says where a load stands, or forgets it
          kafka-producer partition-of  says which partition keys go to
          kafka-producer broker   a small broker to try this with (see --help there)

        COMPLETIONS:
          The Debian package has them, for bash, zsh and fish. Of a program that was
          built from the sources, Scripts/completions PROGRAM ~/.local/share writes
          them. bash and fish find them there; zsh wants, before compinit,
          fpath+=(~/.local/share/zsh/vendor-completions).
        """

    static let exactlyOnce = """
        The position of a load is the offset of the group kafka-producer.NAME on
        partition 0 of its topic. show prints it, and fences nobody; --json as an
        object a line. forget has the load begin anew: what is in the topic stays
        there, and is sent again.

        EXIT STATUS:
          0    printed, or forgotten
          1    there is no position, or brokers refuse
          2    the command line or a setting is wrong, or the load is at work here
          3    no broker could be reached within max.block.ms
        """

    static let resend = """
        Each record goes where it was going: its topic, its partition if that was
        asked for with -p, its key, value, headers and timestamp. What fails again
        goes to the first file's name with .again, or where --dead-letter says; there
        is no such file when nothing fails. What is dealt with is noted in a file with
        .resent after its name, so that a second run sends only what was appended
        since; --again sends all. Lines without a record to send count as failed and
        are copied. The statuses are those of send.

        EXAMPLES:
          kafka-producer resend -b localhost:9092 failed.jsonl
          jq -c 'select(.error == "TIMED_OUT")' failed.jsonl |
              kafka-producer resend -c producer.config -
        """

    static let perf = """
        Takes the options of kafka-producer-perf-test and prints the same lines on
        stdout. Values are made before the load begins. Latency is taken from the time
        at which a record was to be sent, so that a stall counts for all that should
        have been sent meanwhile. --compare measures two settings files in turn.

        EXAMPLES:
          kafka-producer perf --topic t --num-records 1000000 --record-size 100 \\
              --producer-props bootstrap.servers=localhost:9092 acks=all
          kafka-producer perf -b localhost:9092 -t t --num-records 600000 \\
              --record-size 1000 --compression-ratio 4 -z lz4 --throughput 10000 \\
              --warmup-records 50000 --json result.json --report result.html
          kafka-producer perf -b localhost:9092 -t t --num-records 1000000 \\
              --payload-file sample.txt --compare small.config large.config
          kafka-producer perf -t t --num-records 100000 --record-size 100 \\
              --embedded /tmp/kafka

        EXIT STATUS:
          0    every record is acknowledged
          1    some records failed, or the topic is not there; or a result could not
               be written
          2    the command line or a setting is wrong, or the system gives too few
               descriptors, threads or too little memory; nothing was sent
          3    no broker could be reached within max.block.ms, or none has answered
               for delivery.timeout.ms (--on-outage)
          130  ended by SIGINT (143 by SIGTERM, 129 by SIGHUP)
        """

    static let doctor = """
        Goes the way to the cluster as a producer would: settings, names, TCP, TLS,
        login, versions, metadata, then every broker that the cluster names, the topic
        and what you may do. Nothing is written, and no topic is made. Each finding is
        marked ok, warning or failed, and says what to do.

        EXAMPLES:
          kafka-producer doctor -c client.properties -t orders
          kafka-producer doctor -b localhost:9092 --json | jq .findings

        EXIT STATUS:
          0    nothing has failed; there may be warnings
          1    the report could not be written
          2    the command line or a setting is wrong
          3    something has failed; the last line names the first layer that did
          130  ended by SIGINT (143 by SIGTERM, 129 by SIGHUP), with what was known
        """

    static let read = """
        Prints one JSON object a line for each record, with all that the record has:
        topic, partition, offset, timestamp, key, value and headers. null, "" and
        bytes that are not UTF-8, {"base64":"..."}, differ. Each partition comes in its
        order. Reading ends behind the record that is the newest one at its beginning,
        unless --until or --follow says otherwise. There are no groups.

        EXAMPLES:
          kafka-producer read -b localhost:9092 -t orders
          kafka-producer read -b localhost:9092 -t orders -p 3 -o 1000 --until 2000
          kafka-producer read -c client.properties -t orders -o @-1h | jq .value
          kafka-producer read -b localhost:9092 -t orders -o -10 --follow
          kafka-producer read -t demo --embedded /tmp/kafka --output value

        EXIT STATUS:
          0    read to the end, or as many as -n asks for
          1    the topic, partition or offset is not there, or records cannot be read;
               or not all could be printed
          2    the command line or a setting is wrong
          3    no broker could be reached within max.block.ms, or none took the login
          130  ended by SIGINT (143 by SIGTERM, 129 by SIGHUP), after whole records
        """

    static let verify = """
        Reads the places that receipts name, and compares what is stored with the
        records of the inputs, which must still be there, unchanged and by the same
        names. Give the options that say how records stand in them (-K, -D, -k, -H
        and others) as they were given to send. send --verify does the same at the
        end of a load.

        EXAMPLES:
          kafka-producer -b localhost:9092 -t users -K: --receipts r.jsonl users.txt
          kafka-producer verify -b localhost:9092 -K: r.jsonl

        EXIT STATUS:
          0    all records are there as they were sent
          1    one is missing or differs, or not all could be read
          2    the command line, a setting or a receipt is wrong
          130  ended by SIGINT (143 by SIGTERM, 129 by SIGHUP)
        """

    static let config = """
        Reads the settings as send would, connects to nothing, and prints what they
        come to: each value with where it was written and its default, why idempotence
        is on or off, what the times mean together, what has no effect and what is
        dangerous. Passwords are hidden. -v lists the settings of TLS and logins too.

        EXAMPLES:
          kafka-producer config -c client.properties -X acks=1
          kafka-producer config --preset bulk
          kafka-producer config -c client.properties --json | jq -r '.dangers[]'

        EXIT STATUS:
          0    the settings can be used
          1    the report could not be written
          2    the command line or a setting is wrong
        """

    static let partitionOf = """
        Prints a line a key: the partition that it goes to, a tab, and the key. Keys
        have the escapes of -k. Java's way is that of this program, and of librdkafka
        with partitioner=murmur2_random. librdkafka's own default is a CRC-32, and
        puts an empty key on any partition. sarama's is FNV-1a.

        EXAMPLES:
          kafka-producer partition-of --partitions 12 alice bob
          kafka-producer partition-of --partitions 12 --as librdkafka alice
        """

    static let brokerControl = """
        status            what runs where: leaders, replicas, offsets
        stop N, start N   node N goes down in order, and comes back
        kill N            node N goes down at once
        freeze N, thaw N  node N answers nothing, and answers again
        part N [M ...]    node N and these (all others) cannot fetch from each other
        heal              all reach each other again
        elect [TOPIC [PARTITION]]
                          preferred leaders lead again
        elect unclean TOPIC PARTITION
                          any replica leads a partition without a leader

        EXIT STATUS:
          0    it is done
          2    the command cannot be done, or is none
          3    there is no such broker

        EXAMPLES:
          kafka-producer broker --brokers 3 --replication-factor 3 &
          kafka-producer broker ctl kill 1
          kafka-producer broker ctl status
        """

    static let broker = """
        Prints "listening on HOST:PORT[,HOST:PORT...]", the bootstrap.servers for
        clients, and runs until SIGINT or SIGTERM. Topics are made on first use.
        Without a data directory records are kept in memory. --faults FILE makes
        things go wrong, such as "produce 3 error NOT_ENOUGH_REPLICAS".

        EXAMPLES:
          kafka-producer broker --port 9092 --data-dir /tmp/kafka
          kafka-producer broker --brokers 3 --partitions 12 --faults faults.txt
          kafka-producer broker --topic orders:12,max.message.bytes=1000
          kafka-producer broker --tls-cert server.pem --tls-key server.key \\
              --port 9093 --sasl SCRAM-SHA-512 --users users.txt --advertise localhost
          kafka-producer broker --dev-security /tmp/secure
        """
}
