// SPDX-License-Identifier: Apache-2.0
//
// A bare producer on librdkafka, to compare with: the shortest way from lines to its queue, and from its queue to the
// broker. Sends the lines of stdin, or sends records at a steady rate and tells how long their acknowledgements took.
//
//   rdkafka-producer [-k] [-X NAME=VALUE]... HOST:PORT TOPIC < lines
//   rdkafka-producer -r RATE -n COUNT [-X NAME=VALUE]... HOST:PORT TOPIC
//
//   -k             the key stands before a tab in each line
//   -X NAME=VALUE  a setting of librdkafka
//   -r RATE        send COUNT records of 100 bytes, RATE a second, each at its own time, and print the median, the 99th
//                  percentile and the maximum of the time until it was acknowledged, in milliseconds, counted from when
//                  it should have been sent

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <librdkafka/rdkafka.h>

enum { readSize = 1 << 20, recordSize = 100 };

// Deliveries are told to whoever polls: the thread that does nothing else, and the one that flushes or finds the queue full.
static atomic_long failures;
static double *latencies;
static atomic_long acknowledged;
static atomic_int isDone;

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("rdkafka-producer: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

static int64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void delivered(rd_kafka_t *producer, const rd_kafka_message_t *message, void *unused) {
    (void)producer;
    (void)unused;
    if (message->err) atomic_fetch_add(&failures, 1);
    if (!latencies) return;
    double took = (double)(nanoseconds() - (int64_t)(intptr_t)message->_private) / 1e6;
    latencies[atomic_fetch_add(&acknowledged, 1)] = took;
}

static void produce(rd_kafka_t *producer, rd_kafka_topic_t *topic, char *line, size_t length, int isKeyed, void *sent) {
    char *value = line, *tab = isKeyed ? memchr(line, '\t', length) : NULL;
    if (tab) value = tab + 1;
    while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value, length - (size_t)(value - line),
                            tab ? line : NULL, tab ? (size_t)(tab - line) : 0, sent) != 0) {
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            fail("%s", rd_kafka_err2str(rd_kafka_last_error()));
        rd_kafka_poll(producer, 10);
    }
}

static void produceLines(rd_kafka_t *producer, rd_kafka_topic_t *topic, int isKeyed) {
    size_t capacity = 2 * readSize, held = 0;
    char *chunk = malloc(capacity);
    for (ssize_t got; (got = read(STDIN_FILENO, chunk + held, readSize)) > 0;) {
        char *start = chunk, *limit = chunk + held + got, *newline;
        for (; (newline = memchr(start, '\n', (size_t)(limit - start))) != NULL; start = newline + 1)
            produce(producer, topic, start, (size_t)(newline - start), isKeyed, NULL);
        rd_kafka_poll(producer, 0);
        held = (size_t)(limit - start);
        if (held > readSize) fail("a line is too long");
        memmove(chunk, start, held);
    }
    if (held > 0) produce(producer, topic, chunk, held, isKeyed, NULL);
    free(chunk);
}

static void *poll(void *producer) {
    while (!isDone) rd_kafka_poll(producer, 100);
    return NULL;
}

static int compare(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static void produceAtRate(rd_kafka_t *producer, rd_kafka_topic_t *topic, double rate, long count) {
    char record[recordSize];
    memset(record, 'x', sizeof record);
    latencies = calloc((size_t)count, sizeof *latencies);
    pthread_t poller;
    pthread_create(&poller, NULL, poll, producer);
    int64_t begin = nanoseconds();
    for (long i = 0; i < count; i++) {
        int64_t due = begin + (int64_t)((double)i * 1e9 / rate);
        while (nanoseconds() < due) {
            int64_t wait = due - nanoseconds();
            struct timespec pause = {0, wait > 50000 ? wait - 50000 : 1000};
            if (wait > 0) nanosleep(&pause, NULL);
        }
        produce(producer, topic, record, sizeof record, 0, (void *)(intptr_t)due);
    }
    rd_kafka_flush(producer, 60000);
    isDone = 1;
    pthread_join(poller, NULL);
    qsort(latencies, (size_t)acknowledged, sizeof *latencies, compare);
    if (acknowledged != count) fail("%ld of %ld records were acknowledged", (long)acknowledged, count);
    printf("%.2f %.2f %.2f\n", latencies[count / 2], latencies[count - 1 - count / 100], latencies[count - 1]);
}

int main(int argc, char **argv) {
    char reason[512];
    int isKeyed = 0;
    double rate = 0;
    long count = 0;
    rd_kafka_conf_t *settings = rd_kafka_conf_new();
    for (int option; (option = getopt(argc, argv, "kr:n:X:")) != -1;) {
        char *value = optarg ? strchr(optarg, '=') : NULL;
        switch (option) {
        case 'k': isKeyed = 1; break;
        case 'r': rate = atof(optarg); break;
        case 'n': count = atol(optarg); break;
        case 'X':
            if (!value) fail("-X wants NAME=VALUE");
            *value = '\0';
            if (rd_kafka_conf_set(settings, optarg, value + 1, reason, sizeof reason)) fail("%s", reason);
            break;
        default: fail("see the head of its source");
        }
    }
    if (argc - optind != 2 || (rate > 0) != (count > 0)) fail("see the head of its source");
    if (rd_kafka_conf_set(settings, "bootstrap.servers", argv[optind], reason, sizeof reason)) fail("%s", reason);
    if (rate == 0) rd_kafka_conf_set(settings, "delivery.report.only.error", "true", reason, sizeof reason);
    rd_kafka_conf_set_dr_msg_cb(settings, delivered);
    rd_kafka_t *producer = rd_kafka_new(RD_KAFKA_PRODUCER, settings, reason, sizeof reason);
    if (!producer) fail("%s", reason);
    rd_kafka_topic_conf_t *topicSettings = rd_kafka_topic_conf_new();
    if (isKeyed) rd_kafka_topic_conf_set(topicSettings, "partitioner", "murmur2_random", reason, sizeof reason);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(producer, argv[optind + 1], topicSettings);
    if (rate > 0)
        produceAtRate(producer, topic, rate, count);
    else
        produceLines(producer, topic, isKeyed);
    if (rd_kafka_flush(producer, 60000)) fail("not everything was delivered within a minute");
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(producer);
    return failures ? 1 : 0;
}
