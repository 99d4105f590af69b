// SPDX-License-Identifier: Apache-2.0
//
// A bare producer on franz-go, to compare with: the shortest way from the lines of stdin to Client.Produce. Its command
// line is that of rdkafka-producer.c.
//
//	franz-producer [-k] [-a VERSION] [-X NAME=VALUE]... HOST:PORT TOPIC < lines
//	franz-producer --version
//
//	-k             the key stands before a tab in each line
//	-a VERSION     the highest version of the ApiVersions request: librdkafka's mock brokers answer 3 and up with bytes
//	               that the client cannot read
//	-X NAME=VALUE  one of acks, batch.size, buffer.memory, compression.type, enable.idempotence, linger.ms, with the
//	               meaning that the Java client gives it; what is not set is franz-go's own default
//
// Its exit status is 1 when a record was not acknowledged, and 2 when it was called wrongly.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kversion"
)

const (
	readSize       = 1 << 20
	apiVersionsKey = 18
)

func fail(status int, format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, "franz-producer: "+format+"\n", arguments...)
	os.Exit(status)
}

func number(name, value string) int {
	result, err := strconv.Atoi(value)
	if err != nil {
		fail(2, "%s wants a number, not %s", name, value)
	}
	return result
}

// options turns one of Kafka's settings into franz-go's.
func options(name, value string) []kgo.Opt {
	switch name + "=" + value {
	case "acks=0":
		return []kgo.Opt{kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite()}
	case "acks=1":
		return []kgo.Opt{kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite()}
	case "acks=all", "acks=-1":
		return []kgo.Opt{kgo.RequiredAcks(kgo.AllISRAcks())}
	case "enable.idempotence=true":
		return nil
	case "enable.idempotence=false":
		return []kgo.Opt{kgo.DisableIdempotentWrite()}
	case "compression.type=none":
		return []kgo.Opt{kgo.ProducerBatchCompression(kgo.NoCompression())}
	case "compression.type=gzip":
		return []kgo.Opt{kgo.ProducerBatchCompression(kgo.GzipCompression())}
	case "compression.type=snappy":
		return []kgo.Opt{kgo.ProducerBatchCompression(kgo.SnappyCompression())}
	case "compression.type=lz4":
		return []kgo.Opt{kgo.ProducerBatchCompression(kgo.Lz4Compression())}
	case "compression.type=zstd":
		return []kgo.Opt{kgo.ProducerBatchCompression(kgo.ZstdCompression())}
	}
	switch name {
	case "batch.size":
		// Records without keys stay with a partition for one batch, as those of the Java client do.
		size := number(name, value)
		partitioner := kgo.UniformBytesPartitioner(size, true, true, nil)
		return []kgo.Opt{kgo.ProducerBatchMaxBytes(int32(size)), kgo.RecordPartitioner(partitioner)}
	case "buffer.memory":
		return []kgo.Opt{kgo.MaxBufferedBytes(number(name, value)), kgo.MaxBufferedRecords(math.MaxInt32)}
	case "linger.ms":
		return []kgo.Opt{kgo.ProducerLinger(time.Duration(number(name, value)) * time.Millisecond)}
	}
	fail(2, "%s=%s is not known here", name, value)
	return nil
}

type producer struct {
	client   *kgo.Client
	isKeyed  bool
	failures atomic.Int64
}

func (p *producer) delivered(_ *kgo.Record, err error) {
	if err != nil && p.failures.Add(1) == 1 {
		fmt.Fprintf(os.Stderr, "franz-producer: %v\n", err)
	}
}

func (p *producer) send(line []byte) {
	record := &kgo.Record{Value: line}
	if p.isKeyed {
		if tab := bytes.IndexByte(line, '\t'); tab >= 0 {
			record.Key, record.Value = line[:tab:tab], line[tab+1:]
		}
	}
	p.client.Produce(context.Background(), record, p.delivered)
}

// sendLines sends the lines of the input. They are sent from where they were read, so each chunk has memory of its own.
func (p *producer) sendLines(input io.Reader) error {
	var rest []byte
	for {
		chunk := make([]byte, len(rest)+readSize)
		copy(chunk, rest)
		got, err := input.Read(chunk[len(rest):])
		chunk = chunk[:len(rest)+got]
		for {
			newline := bytes.IndexByte(chunk, '\n')
			if newline < 0 {
				break
			}
			p.send(chunk[:newline:newline])
			chunk = chunk[newline+1:]
		}
		rest = chunk
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if len(rest) > readSize {
			return fmt.Errorf("a line is too long")
		}
	}
	if len(rest) > 0 {
		p.send(rest)
	}
	return p.client.Flush(context.Background())
}

func version() string {
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == "github.com/twmb/franz-go" {
				return strings.TrimPrefix(module.Version, "v") + " on " + runtime.Version()
			}
		}
	}
	return "of an unknown version on " + runtime.Version()
}

func main() {
	arguments := os.Args[1:]
	if len(arguments) == 1 && arguments[0] == "--version" {
		fmt.Println(version())
		return
	}
	producer := &producer{}
	var settings []kgo.Opt
	for len(arguments) > 0 && strings.HasPrefix(arguments[0], "-") {
		switch {
		case arguments[0] == "-k":
			producer.isKeyed = true
		case arguments[0] == "-a" && len(arguments) > 1:
			versions := kversion.Stable()
			versions.SetMaxKeyVersion(apiVersionsKey, int16(number("-a", arguments[1])))
			settings = append(settings, kgo.MaxVersions(versions))
			arguments = arguments[1:]
		case arguments[0] == "-X" && len(arguments) > 1:
			name, value, ok := strings.Cut(arguments[1], "=")
			if !ok {
				fail(2, "-X wants NAME=VALUE")
			}
			settings = append(settings, options(name, value)...)
			arguments = arguments[1:]
		default:
			fail(2, "see the head of its source")
		}
		arguments = arguments[1:]
	}
	if len(arguments) != 2 {
		fail(2, "see the head of its source")
	}
	settings = append(settings, kgo.SeedBrokers(arguments[0]), kgo.DefaultProduceTopic(arguments[1]))
	client, err := kgo.NewClient(settings...)
	if err != nil {
		fail(2, "%v", err)
	}
	producer.client = client
	if err := producer.sendLines(os.Stdin); err != nil {
		fail(1, "%v", err)
	}
	client.Close()
	if producer.failures.Load() > 0 {
		os.Exit(1)
	}
}
