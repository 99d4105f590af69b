// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The receipts of one batch, whose records come from one input or from several in turn.
struct BatchOfReceipts {
    private let format: ReceiptFormat
    private let topic: String
    private let partition: Int32
    private let baseOffset: Int64?
    private let positions: InputPositions
    private let places: RecordTags
    /// The input of the last record.
    private var extent: InputPositions.Extent?
    private var renderer: ReceiptRenderer?
    /// What the renderer has for all records.
    private var timestamp: Int64?

    init(format: ReceiptFormat, report: borrowing DeliveryReport, baseOffset: Int64?, positions: InputPositions) {
        self.format = format
        self.baseOffset = baseOffset
        self.positions = positions
        (topic, partition, places) = (report.topic, report.partition, report.tags)
    }

    /// Appends the receipts of records that carry one timestamp, for a format that asks for no contents.
    mutating func append(_ records: Range<Int>, _ timestamp: Int64, to bytes: inout [UInt8]) {
        let (places, baseOffset) = (places, baseOffset)
        var next = records.lowerBound
        while next < records.upperBound {
            let position = Self.position(of: next, in: places)
            let renderer = renderer(of: position, timestamp)
            guard let extent, extent.records.contains(position.number) else {
                renderer.append(record(next, at: position, timestamp), key: nil, value: nil, to: &bytes)
                next += 1
                continue
            }
            next = renderer.append(next..<records.upperBound, to: &bytes) { index in
                let position = Self.position(of: index, in: places)
                guard extent.records.contains(position.number) else { return nil }
                return ReceiptRenderer.Record(
                    line: extent.line(ofRecord: position.number),
                    byteOffset: extent.offset(of: position.offset),
                    offset: baseOffset.map { $0 &+ Int64(index) },
                    timestamp: timestamp
                )
            }
        }
    }

    /// Appends the receipt of one record.
    mutating func append(
        _ index: Int,
        _ timestamp: Int64,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        to bytes: inout [UInt8]
    ) {
        let position = Self.position(of: index, in: places)
        let renderer = renderer(of: position, nil)
        renderer.append(record(index, at: position, timestamp), key: key, value: value, to: &bytes)
    }

    @inline(__always)
    private static func position(of index: Int, in places: RecordTags) -> RecordTag {
        places[index] ?? RecordTag(number: 0, offset: 0)
    }

    private func record(_ index: Int, at position: RecordTag, _ timestamp: Int64) -> ReceiptRenderer.Record {
        ReceiptRenderer.Record(
            line: extent?.line(ofRecord: position.number) ?? 0,
            byteOffset: extent?.offset(of: position.offset) ?? 0,
            offset: baseOffset.map { $0 &+ Int64(index) },
            timestamp: timestamp
        )
    }

    /// The renderer for a record's input; `timestamp` is nil when each record has its own.
    private mutating func renderer(of position: RecordTag, _ timestamp: Int64?) -> ReceiptRenderer {
        let isOfExtent = extent?.records.contains(position.number) == true
        if let renderer, isOfExtent, self.timestamp == timestamp { return renderer }
        if !isOfExtent { extent = positions.extent(ofRecord: position.number) }
        let renderer = ReceiptRenderer(
            format: format,
            file: extent?.name ?? "",
            topic: topic,
            partition: partition,
            timestamp: timestamp
        )
        (self.renderer, self.timestamp) = (renderer, timestamp)
        return renderer
    }
}
