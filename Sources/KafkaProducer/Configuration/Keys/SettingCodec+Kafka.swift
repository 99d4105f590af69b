// SPDX-License-Identifier: Apache-2.0

extension SettingCodec where Value == Acks {
    /// `all`, or the number of replicas; -1 is all.
    static var acks: Self {
        Self(
            decode: { value throws(SettingObjection) in
                let text = try value.requireText()
                if text == "all" { return .all }
                guard let acks = text.flatMap(Int16.init).flatMap(Acks.init) else { throw .rule("Unknown acks") }
                return acks
            },
            encode: { .string(String($0.rawValue)) }
        )
    }
}

extension SettingCodec where Value == Idempotence {
    /// On or off, as the user set it.
    static var idempotence: Self {
        Self(
            decode: { value throws(SettingObjection) in try value.requireBoolean() ? .required : .off },
            encode: { .boolean($0 != .off) }
        )
    }
}

extension SettingCodec where Value == Compression {
    /// The codec with its default level; the level is a setting of its own.
    static var compression: Self {
        Self(
            decode: { value throws(SettingObjection) in
                guard let codec = Compression(named: try value.requireText() ?? "") else {
                    throw .rule("Unknown codec")
                }
                return codec
            },
            encode: { .string($0.name) }
        )
    }
}

extension SettingCodec where Value == PartitionerChoice {
    /// A partitioner by its Java class; none is the built-in one.
    static var partitioner: Self {
        let codec = Self(
            decode: { value throws(SettingObjection) in
                let name = try value.requireText().flatMap(PartitionerName.init(named:))
                return name == .roundRobin ? .roundRobin : .builtIn
            },
            encode: { $0 == .roundRobin ? .className(PartitionerName.roundRobin.rawValue) : .null }
        )
        return codec.remarking { PartitionerName(named: $0)?.meaning }
    }
}

extension SettingCodec where Value == Serializer {
    /// A serializer by its Java class. Its encoding is a setting of its own.
    static var serializer: Self {
        Self(
            decode: { value throws(SettingObjection) in
                guard let name = try value.requireText() else { return .byteArray }
                guard let serializer = Serializer(named: name) else { throw .rule("Unknown serializer") }
                return serializer
            },
            encode: { .className($0.className) }
        )
    }
}

extension SettingCodec where Value == [BootstrapServer] {
    /// Brokers as `host:port`.
    static var bootstrapServers: Self {
        let codec = Self(
            decode: { value throws(SettingObjection) in
                var servers: [BootstrapServer] = []
                for text in try value.requireList() { servers.append(try server(text)) }
                return servers
            },
            encode: { .list($0.map(\.description)) }
        )
        return codec.explaining(BrokerListExplanation.text)
    }

    private static func server(_ text: String) throws(SettingObjection) -> BootstrapServer {
        do throws(BootstrapServer.ParsingError) {
            let server = try BootstrapServer(text)
            // The Java client takes both and never gets a connection.
            guard server.port > 0 else { throw .invalidPort }
            guard server.isHostPlausible else { throw .notAnAddress }
            return server
        } catch {
            let what = error == .invalidPort ? "port" : "url"
            throw .message("Invalid \(what) in bootstrap.servers: \(text)", value: text)
        }
    }
}

extension SettingCodec where Value == Bool {
    /// The old `producer.type`.
    static var producerType: Self {
        let codec = Self(
            decode: { value throws(SettingObjection) in try value.requireText() == "sync" },
            encode: { .string($0 ? "sync" : "async") }
        )
        return codec.remarking { text in
            switch text {
            case "sync": "producer.type is an older setting; sync means here: each record is awaited before the next"
            case "async": "producer.type is an older setting; async is what this producer does anyway"
            default: nil
            }
        }
    }
}
