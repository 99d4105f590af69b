// SPDX-License-Identifier: Apache-2.0
//
// A Kafka cluster for tests that this project did not write: librdkafka's mock brokers, in a process of their own.
//
//   mock-cluster [--brokers N] [--topic NAME:PARTITIONS]...
//
// The first line on stdout is the list for bootstrap.servers. Then it serves until stdin ends or SIGTERM or SIGINT
// arrives, so it never outlives the test that started it. Meanwhile it takes commands on stdin, one a line, and
// answers each with one line, "ok" or "error: REASON":
//
//   topic NAME PARTITIONS                 make a topic
//   topic-error NAME CODE                 Metadata answers CODE for this topic (0 ends it)
//   leader NAME PARTITION BROKER          move a partition's leader (-1: none)
//   down BROKER | up BROKER               close a broker's connections and refuse new ones; take them again (-1: all)
//   rtt BROKER MS                         delay every answer of a broker (-1: all)
//   error APIKEY N CODE...                fail the next N requests of this kind, whichever broker gets them, with
//                                         these codes in turn (the last one repeats; -195 closes the connection)
//   broker-error BROKER APIKEY CODE MS    one answer of one broker: this code (0: none) after a delay
//   clear APIKEY                          forget what "error" left for this kind of request
//   apiversion APIKEY MIN MAX             the versions that ApiVersions lists and that are accepted (-1 -1: none)

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

enum { maxWords = 64, maxErrors = 4096, maxLine = 4096 };

static int signalPipe[2];

static void onSignal(int number) {
    (void)number;
    ssize_t ignored = write(signalPipe[1], "x", 1);
    (void)ignored;
}

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("mock-cluster: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

/// Reads a whole decimal number; returns 0 when the text is anything else.
static int number(const char *text, long *result) {
    char *end = NULL;
    errno = 0;
    *result = strtol(text, &end, 10);
    return errno == 0 && end != text && *end == '\0';
}

/// The words of a command as numbers, from the first one that must be a number.
static int numbers(char **words, int from, int count, long *results) {
    for (int i = from; i < count; i++)
        if (!number(words[i], &results[i])) return 0;
    return 1;
}

static const char *outcome(rd_kafka_resp_err_t code) {
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? NULL : rd_kafka_err2name(code);
}

static const char *createTopic(rd_kafka_mock_cluster_t *cluster, int brokers, const char *name, long partitions) {
    int replicas = brokers < 3 ? brokers : 3;
    return outcome(rd_kafka_mock_topic_create(cluster, name, (int)partitions, replicas));
}

static const char *pushErrors(rd_kafka_mock_cluster_t *cluster, const long *n, int words) {
    static rd_kafka_resp_err_t errors[maxErrors];
    if (n[2] < 1 || n[2] > maxErrors) return "N is out of range";
    for (long i = 0; i < n[2]; i++) {
        long word = 3 + i < words ? 3 + i : words - 1;
        errors[i] = (rd_kafka_resp_err_t)n[word];
    }
    rd_kafka_mock_push_request_errors_array(cluster, (int16_t)n[1], (size_t)n[2], errors);
    return NULL;
}

/// Does one command. Returns NULL, or what is wrong.
static const char *perform(rd_kafka_mock_cluster_t *cluster, int brokers, char **words, int count) {
    long n[maxWords] = {0};
    const char *verb = words[0];
    int isNamed = !strcmp(verb, "topic") || !strcmp(verb, "topic-error") || !strcmp(verb, "leader");
    if (!numbers(words, isNamed ? 2 : 1, count, n)) return "not a number";
    if (!strcmp(verb, "topic") && count == 3) return createTopic(cluster, brokers, words[1], n[2]);
    if (!strcmp(verb, "topic-error") && count == 3) {
        rd_kafka_mock_topic_set_error(cluster, words[1], (rd_kafka_resp_err_t)n[2]);
        return NULL;
    }
    if (!strcmp(verb, "leader") && count == 4)
        return outcome(rd_kafka_mock_partition_set_leader(cluster, words[1], (int32_t)n[2], (int32_t)n[3]));
    if (!strcmp(verb, "down") && count == 2) return outcome(rd_kafka_mock_broker_set_down(cluster, (int32_t)n[1]));
    if (!strcmp(verb, "up") && count == 2) return outcome(rd_kafka_mock_broker_set_up(cluster, (int32_t)n[1]));
    if (!strcmp(verb, "rtt") && count == 3)
        return outcome(rd_kafka_mock_broker_set_rtt(cluster, (int32_t)n[1], (int)n[2]));
    if (!strcmp(verb, "error") && count >= 4) return pushErrors(cluster, n, count);
    if (!strcmp(verb, "broker-error") && count == 5)
        return outcome(rd_kafka_mock_broker_push_request_error_rtts(
            cluster, (int32_t)n[1], (int16_t)n[2], 1, (rd_kafka_resp_err_t)n[3], (int)n[4]));
    if (!strcmp(verb, "clear") && count == 2) {
        rd_kafka_mock_clear_request_errors(cluster, (int16_t)n[1]);
        return NULL;
    }
    if (!strcmp(verb, "apiversion") && count == 4)
        return outcome(rd_kafka_mock_set_apiversion(cluster, (int16_t)n[1], (int16_t)n[2], (int16_t)n[3]));
    return "no such command";
}

static void answer(rd_kafka_mock_cluster_t *cluster, int brokers, char *line) {
    char *words[maxWords];
    int count = 0;
    for (char *word = strtok(line, " \t\r"); word && count < maxWords; word = strtok(NULL, " \t\r")) words[count++] = word;
    if (count == 0) return;
    const char *problem = perform(cluster, brokers, words, count);
    if (problem)
        printf("error: %s\n", problem);
    else
        puts("ok");
    fflush(stdout);
}

/// Takes commands until stdin ends or a signal arrives.
static void serve(rd_kafka_mock_cluster_t *cluster, int brokers) {
    char buffer[maxLine];
    size_t held = 0;
    struct pollfd sources[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = signalPipe[0], .events = POLLIN}};
    for (;;) {
        if (poll(sources, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return;
        }
        if (sources[1].revents) return;
        ssize_t got = read(STDIN_FILENO, buffer + held, sizeof buffer - held);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return;
        held += (size_t)got;
        char *start = buffer;
        for (char *end; (end = memchr(start, '\n', held - (size_t)(start - buffer))) != NULL; start = end + 1) {
            *end = '\0';
            answer(cluster, brokers, start);
        }
        held -= (size_t)(start - buffer);
        memmove(buffer, start, held);
        if (held == sizeof buffer) fail("a command is longer than %d bytes", maxLine);
    }
}

static rd_kafka_t *newHandle(void) {
    char reason[512];
    rd_kafka_conf_t *settings = rd_kafka_conf_new();
    // The mock brokers need a client for their book-keeping only; it must not speak of missing bootstrap servers.
    rd_kafka_conf_set(settings, "log_level", "3", reason, sizeof reason);
    rd_kafka_t *handle = rd_kafka_new(RD_KAFKA_PRODUCER, settings, reason, sizeof reason);
    if (!handle) fail("%s", reason);
    return handle;
}

int main(int argc, char **argv) {
    long brokers = 3;
    for (int i = 1; i + 1 < argc; i += 2)
        if (!strcmp(argv[i], "--brokers") && (!number(argv[i + 1], &brokers) || brokers < 1 || brokers > 100))
            fail("--brokers wants a number from 1 to 100, not %s", argv[i + 1]);
    if (pipe(signalPipe) != 0) fail("pipe: %s", strerror(errno));
    signal(SIGTERM, onSignal);
    signal(SIGINT, onSignal);
    signal(SIGPIPE, SIG_IGN);

    rd_kafka_t *handle = newHandle();
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(handle, (int)brokers);
    if (!cluster) fail("cannot make a cluster");
    // From version 4 of ListOffsets on the mock writes a leader epoch of eight bytes, where there are four.
    if (rd_kafka_mock_set_apiversion(cluster, 2, 0, 3)) fail("cannot limit ListOffsets");
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 < argc && !strcmp(argv[i], "--brokers")) continue;
        if (i + 1 >= argc || strcmp(argv[i], "--topic") != 0) fail("usage: [--brokers N] [--topic NAME:PARTITIONS]...");
        char *colon = strrchr(argv[i + 1], ':');
        long partitions = 0;
        if (!colon || !number(colon + 1, &partitions)) fail("--topic wants NAME:PARTITIONS, not %s", argv[i + 1]);
        *colon = '\0';
        const char *problem = createTopic(cluster, (int)brokers, argv[i + 1], partitions);
        if (problem) fail("topic %s: %s", argv[i + 1], problem);
    }
    printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    serve(cluster, (int)brokers);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(handle);
    return 0;
}
