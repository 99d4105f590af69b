// SPDX-License-Identifier: Apache-2.0
//
// The floor of Scripts/benchmark: the least work that turns lines into Produce requests. It reads, encodes, compresses,
// takes checksums and sends over one connection, and does nothing else: no metadata, no settings, no retries, no
// receipts. What a producer costs is given as a ratio to it, since absolute figures move with the machine.
//
//   floor HOST:PORT TOPIC PARTITIONS BATCH_BYTES CODEC < lines
//
// The broker must lead all partitions of the topic. CODEC is none, gzip, snappy, lz4 or zstd. Batches are filled to
// BATCH_BYTES before they are compressed. The exit status is 0 when the broker took all of them.

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <lz4frame.h>
#include <snappy-c.h>
#include <zlib.h>
#include <zstd.h>

enum {
    headerSize = 61,     // of a record batch
    recordOverhead = 24, // most that a record takes beside its value
    bufferCount = 24,
    maxInFlight = 5,
    maxPartitions = 64,
    workerCount = 2,
    readSize = 512 << 10,
};

enum codec { none, gzip, snappy, lz4, zstd };

struct batch {
    struct batch *next;
    int32_t count;
    size_t size;           // with the header
    size_t compressedSize; // 0 unless compressed
    uint8_t *bytes;
    uint8_t *compressed;
};

struct queue {
    struct batch *first, *last;
    bool isAtEnd;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

static struct queue spare = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
static struct queue encoded = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
static struct queue sealed = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static enum codec codec;
static size_t batchBytes, compressedCapacity;
static int broker;
static const char *topic;
static int32_t partitions;

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("floor: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

// MARK: - Batches between threads

static void put(struct queue *queue, struct batch *batch) {
    pthread_mutex_lock(&queue->mutex);
    batch->next = NULL;
    if (queue->first)
        queue->last->next = batch;
    else
        queue->first = batch;
    queue->last = batch;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->mutex);
}

static void end(struct queue *queue) {
    pthread_mutex_lock(&queue->mutex);
    queue->isAtEnd = true;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->mutex);
}

/// The next batch, or NULL: at the end, or with `waits` unset when there is none now.
static struct batch *take(struct queue *queue, bool waits) {
    pthread_mutex_lock(&queue->mutex);
    while (waits && !queue->first && !queue->isAtEnd) pthread_cond_wait(&queue->changed, &queue->mutex);
    struct batch *batch = queue->first;
    if (batch) queue->first = batch->next;
    pthread_mutex_unlock(&queue->mutex);
    return batch;
}

// MARK: - Encoding

#if defined(__x86_64__)
__attribute__((target("sse4.2")))
#endif
static uint32_t checksum(const uint8_t *bytes, size_t count) {
    uint32_t crc = ~0u;
#if defined(__x86_64__)
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        crc = (uint32_t)__builtin_ia32_crc32di(crc, word);
    }
    for (; count > 0; count--) crc = __builtin_ia32_crc32qi(crc, *bytes++);
#else
    static uint32_t table[256];
    if (!table[1])
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint32_t value = byte;
            for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0x82F63B78u : 0);
            table[byte] = value;
        }
    for (; count > 0; count--) crc = crc >> 8 ^ table[(crc ^ *bytes++) & 0xFF];
#endif
    return ~crc;
}

static uint8_t *putBigEndian(uint8_t *at, uint64_t value, int size) {
    for (int i = size - 1; i >= 0; i--, value >>= 8) at[i] = (uint8_t)value;
    return at + size;
}

static uint8_t *putVarint(uint8_t *at, int64_t value) {
    uint64_t rest = (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
    for (; rest >= 0x80; rest >>= 7) *at++ = (uint8_t)rest | 0x80;
    *at++ = (uint8_t)rest;
    return at;
}

static size_t varintSize(size_t value) {
    size_t size = 1;
    for (value <<= 1; value >= 0x80; value >>= 7) size++;
    return size;
}

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void writeHeader(uint8_t *bytes, size_t size, int32_t count) {
    uint64_t now = (uint64_t)milliseconds();
    uint8_t *at = putBigEndian(bytes, 0, 8); // base offset
    at = putBigEndian(at, size - 12, 4);
    at = putBigEndian(at, UINT64_MAX, 4); // leader epoch
    *at++ = 2;
    at = putBigEndian(at + 4, codec, 2); // over the checksum, which comes last
    at = putBigEndian(at, (uint64_t)count - 1, 4);
    at = putBigEndian(at, now, 8);
    at = putBigEndian(at, now, 8);
    at = putBigEndian(at, UINT64_MAX, 8); // no producer id
    at = putBigEndian(at, UINT64_MAX, 2);
    at = putBigEndian(at, UINT64_MAX, 4);
    putBigEndian(at, (uint64_t)count, 4);
    putBigEndian(bytes + 17, checksum(bytes + 21, size - 21), 4);
}

static void finish(struct batch *batch) {
    if (codec == none) {
        writeHeader(batch->bytes, batch->size, batch->count);
        put(&sealed, batch);
    } else {
        put(&encoded, batch);
    }
}

static void *encode(void *unused) {
    (void)unused;
    size_t capacity = readSize + batchBytes, held = 0;
    uint8_t *chunk = malloc(capacity);
    struct batch *batch = take(&spare, true);
    uint8_t *at = batch->bytes + headerSize;
    int32_t count = 0;
    for (ssize_t got; (got = read(STDIN_FILENO, chunk + held, readSize)) > 0;) {
        uint8_t *start = chunk, *limit = chunk + held + got, *newline;
        for (; (newline = memchr(start, '\n', (size_t)(limit - start))) != NULL; start = newline + 1) {
            size_t length = (size_t)(newline - start);
            if (headerSize + recordOverhead + length > batchBytes) fail("a line does not fit into a batch");
            if ((size_t)(at - batch->bytes) + length + recordOverhead > batchBytes) {
                batch->size = (size_t)(at - batch->bytes);
                batch->count = count;
                finish(batch);
                batch = take(&spare, true);
                at = batch->bytes + headerSize;
                count = 0;
            }
            at = putVarint(at, (int64_t)(4 + varintSize((size_t)count) + varintSize(length) + length));
            *at++ = 0; // attributes
            *at++ = 0; // timestamp delta
            at = putVarint(at, count);
            *at++ = 1; // no key
            at = putVarint(at, (int64_t)length);
            memcpy(at, start, length);
            at += length;
            *at++ = 0; // no headers
            count++;
        }
        held = (size_t)(limit - start);
        if (held > batchBytes) fail("a line does not fit into a batch");
        memmove(chunk, start, held);
    }
    if (held > 0) fail("the last line has no end");
    if (count > 0) {
        batch->size = (size_t)(at - batch->bytes);
        batch->count = count;
        finish(batch);
    }
    free(chunk);
    end(codec == none ? &sealed : &encoded);
    return NULL;
}

// MARK: - Compressing

static size_t compressGzip(z_stream *stream, uint8_t *target, const uint8_t *source, size_t size) {
    stream->next_in = (uint8_t *)source;
    stream->avail_in = (uInt)size;
    stream->next_out = target;
    stream->avail_out = (uInt)compressedCapacity;
    if (deflate(stream, Z_FINISH) != Z_STREAM_END) fail("deflate failed");
    size_t written = compressedCapacity - stream->avail_out;
    deflateReset(stream);
    return written;
}

/// Java's framing of snappy: blocks of 32 KiB.
static size_t compressSnappy(uint8_t *target, const uint8_t *source, size_t size) {
    static const uint8_t header[16] = {0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1};
    memcpy(target, header, sizeof header);
    size_t written = sizeof header;
    for (size_t done = 0; done < size;) {
        size_t block = size - done < 32 << 10 ? size - done : 32 << 10;
        size_t room = compressedCapacity - written - 4;
        if (snappy_compress((const char *)source + done, block, (char *)target + written + 4, &room) != SNAPPY_OK)
            fail("snappy failed");
        putBigEndian(target + written, room, 4);
        written += 4 + room;
        done += block;
    }
    return written;
}

static void *compressAll(void *unused) {
    (void)unused;
    static int active = workerCount;
    ZSTD_CCtx *context = codec == zstd ? ZSTD_createCCtx() : NULL;
    z_stream stream = {0};
    if (codec == gzip) deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    LZ4F_preferences_t preferences = {.frameInfo = {.blockMode = LZ4F_blockIndependent, .blockSizeID = LZ4F_max64KB}};
    for (struct batch *batch; (batch = take(&encoded, true)) != NULL;) {
        const uint8_t *source = batch->bytes + headerSize;
        uint8_t *target = batch->compressed + headerSize;
        size_t size = batch->size - headerSize, written = 0;
        switch (codec) {
        case none: break;
        case gzip: written = compressGzip(&stream, target, source, size); break;
        case snappy: written = compressSnappy(target, source, size); break;
        case lz4:
            written = LZ4F_compressFrame(target, compressedCapacity, source, size, &preferences);
            if (LZ4F_isError(written)) fail("lz4 failed");
            break;
        case zstd:
            written = ZSTD_compressCCtx(context, target, compressedCapacity, source, size, 3);
            if (ZSTD_isError(written)) fail("zstd failed");
            break;
        }
        batch->compressedSize = headerSize + written;
        writeHeader(batch->compressed, batch->compressedSize, batch->count);
        put(&sealed, batch);
    }
    if (__atomic_sub_fetch(&active, 1, __ATOMIC_ACQ_REL) == 0) end(&sealed);
    return NULL;
}

// MARK: - Sending

static void readFully(uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t got = read(broker, bytes, count);
        if (got <= 0) fail("the broker closed the connection");
        bytes += got;
        count -= (size_t)got;
    }
}

static uint32_t bigEndian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void takeResponse(void) {
    static uint8_t response[64 << 10];
    readFully(response, 4);
    uint32_t size = bigEndian(response);
    if (size > sizeof response) fail("the broker answered with %u bytes", size);
    readFully(response, size);
    // correlation id 4, topics 4, name 2 + n, partitions 4; for each: index 4, error 2, offset and two times 8
    const uint8_t *at = response + 4 + 4 + 2 + strlen(topic);
    uint32_t count = bigEndian(at);
    for (at += 4; count > 0; count--, at += 4 + 2 + 3 * 8)
        if (at[4] || at[5]) fail("the broker refused a batch with error %d", at[4] << 8 | at[5]);
}

static void writeFully(struct iovec *vectors, int count) {
    while (count > 0) {
        ssize_t written = writev(broker, vectors, count);
        if (written <= 0) fail("the broker closed the connection");
        while (count > 0 && (size_t)written >= vectors->iov_len) {
            written -= (ssize_t)vectors->iov_len;
            vectors++;
            count--;
        }
        if (count > 0) {
            vectors->iov_base = (uint8_t *)vectors->iov_base + written;
            vectors->iov_len -= (size_t)written;
        }
    }
}

/// One request: one batch for each of as many partitions as there are batches.
static void sendRequest(struct batch **batches, int count, uint32_t correlation) {
    static uint8_t start[512], between[maxPartitions][8];
    struct iovec vectors[1 + 2 * maxPartitions];
    size_t nameLength = strlen(topic), size = 0;
    uint8_t *at = start + 4;
    at = putBigEndian(at, 0, 2); // Produce
    at = putBigEndian(at, 7, 2);
    at = putBigEndian(at, correlation, 4);
    at = putBigEndian(at, 5, 2);
    at = (uint8_t *)memcpy(at, "floor", 5) + 5;
    at = putBigEndian(at, UINT64_MAX, 2); // no transaction
    at = putBigEndian(at, UINT64_MAX, 2); // acks=all
    at = putBigEndian(at, 30000, 4);
    at = putBigEndian(at, 1, 4);
    at = putBigEndian(at, nameLength, 2);
    at = (uint8_t *)memcpy(at, topic, nameLength) + nameLength;
    at = putBigEndian(at, (uint64_t)count, 4);
    vectors[0] = (struct iovec){start, (size_t)(at - start)};
    for (int i = 0; i < count; i++) {
        struct batch *batch = batches[i];
        size_t batchSize = batch->compressedSize ? batch->compressedSize : batch->size;
        putBigEndian(between[i], (correlation + (uint32_t)i) % (uint32_t)partitions, 4);
        putBigEndian(between[i] + 4, batchSize, 4);
        vectors[1 + 2 * i] = (struct iovec){between[i], 8};
        vectors[2 + 2 * i] = (struct iovec){batch->compressedSize ? batch->compressed : batch->bytes, batchSize};
        size += 8 + batchSize;
    }
    putBigEndian(start, (size_t)(at - start) - 4 + size, 4);
    writeFully(vectors, 1 + 2 * count);
}

static void sendAll(void) {
    uint32_t correlation = 0, inFlight = 0;
    struct batch *batches[maxPartitions];
    size_t limit = 1 << 20; // max.request.size
    while ((batches[0] = take(&sealed, true)) != NULL) {
        int count = 1;
        size_t size = batches[0]->size;
        while (count < partitions && size + batchBytes <= limit && (batches[count] = take(&sealed, false)) != NULL)
            size += batches[count++]->size;
        for (; inFlight >= maxInFlight; inFlight--) takeResponse();
        sendRequest(batches, count, correlation++);
        inFlight++;
        for (int i = 0; i < count; i++) put(&spare, batches[i]);
    }
    for (; inFlight > 0; inFlight--) takeResponse();
}

static void connectTo(char *address) {
    char *colon = strrchr(address, ':');
    if (!colon) fail("%s is not HOST:PORT", address);
    *colon = '\0';
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(colon + 1))};
    if (inet_pton(AF_INET, strcmp(address, "localhost") ? address : "127.0.0.1", &target.sin_addr) != 1)
        fail("%s is not an IPv4 address", address);
    broker = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt(broker, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(broker, (struct sockaddr *)&target, sizeof target) != 0) fail("connect: %s", strerror(errno));
}

static enum codec codecNamed(const char *name) {
    static const char *names[] = {"none", "gzip", "snappy", "lz4", "zstd"};
    for (int i = none; i <= zstd; i++)
        if (!strcmp(name, names[i])) return (enum codec)i;
    fail("%s is no codec", name);
    return none;
}

int main(int argc, char **argv) {
    if (argc != 6) fail("usage: HOST:PORT TOPIC PARTITIONS BATCH_BYTES CODEC < lines");
    connectTo(argv[1]);
    topic = argv[2];
    partitions = atoi(argv[3]);
    batchBytes = (size_t)atol(argv[4]);
    codec = codecNamed(argv[5]);
    if (partitions < 1 || partitions > maxPartitions || strlen(topic) > 249) fail("a wrong topic");
    compressedCapacity = batchBytes + batchBytes / 4 + 4096;
    for (int i = 0; i < bufferCount; i++) {
        struct batch *batch = calloc(1, sizeof *batch);
        batch->bytes = malloc(batchBytes);
        if (codec != none) batch->compressed = malloc(headerSize + compressedCapacity);
        put(&spare, batch);
    }
    pthread_t encoder, workers[workerCount];
    pthread_create(&encoder, NULL, encode, NULL);
    if (codec != none)
        for (int i = 0; i < workerCount; i++) pthread_create(&workers[i], NULL, compressAll, NULL);
    sendAll();
    return 0;
}
