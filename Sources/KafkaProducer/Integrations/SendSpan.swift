// SPDX-License-Identifier: Apache-2.0
#if Tracing
    import Tracing

    /// The span of one record, from its sending to its end; its context goes with the record, in headers such as `traceparent`.
    ///
    /// The attributes are those of OpenTelemetry's conventions for messaging.
    struct SendSpan: Sendable {
        private struct HeaderInjector: Injector {
            func inject(_ value: String, forKey key: String, into headers: inout [ProducerRecordHeader]) {
                headers.removeAll { $0.name == key }
                headers.append(ProducerRecordHeader(name: key, value: value))
            }
        }

        private let span: any Span

        /// Begins the span of a record, and gives the record its headers.
        init(of record: inout ProducerRecord) {
            let topic = record.topic
            let isTombstone = record.value == nil
            span = startSpan("send \(topic)", ofKind: .producer)
            span.updateAttributes { attributes in
                attributes["messaging.system"] = "kafka"
                attributes["messaging.operation.name"] = "send"
                attributes["messaging.operation.type"] = "send"
                attributes["messaging.destination.name"] = topic
                if isTombstone { attributes["messaging.kafka.message.tombstone"] = true }
            }
            InstrumentationSystem.instrument.inject(span.context, into: &record.headers, using: HeaderInjector())
        }

        /// Ends the span with what became of the record.
        func end(_ result: Result<RecordMetadata, ProducerError>) {
            switch result {
            case .success(let metadata):
                span.updateAttributes { attributes in
                    attributes["messaging.destination.partition.id"] = "\(metadata.partition)"
                    if let offset = metadata.offset { attributes["messaging.kafka.offset"] = offset }
                }
            case .failure(let error):
                span.recordError(error)
                span.updateAttributes { $0["error.type"] = error.name }
                span.setStatus(SpanStatus(code: .error, message: error.description))
            }
            span.end()
        }
    }
#endif
