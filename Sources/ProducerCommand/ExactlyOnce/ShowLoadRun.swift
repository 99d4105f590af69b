// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Platform

/// Prints where a load stands. Nobody is fenced by that.
struct ShowLoadRun {
    let name: LoadName
    let settings: SettingsPlan
    let isJSON: Bool
    let console: Console

    func run() async -> ExitStatus {
        do {
            var configuration = try await settings.configuration(console)
            configuration.transactionalID = nil
            let producer = try KafkaProducer(configuration: configuration)
            let result = await positions(producer)
            await producer.close(timeout: .zero)
            return print(try result.get())
        } catch let error as ProducerError {
            console.error(LoadFailure(name: name, topic: "").line(on: error, uncommitted: 0))
            return ExitStatus(of: error, hasConnected: error.code != .noBrokerReachable)
        } catch {
            return ExitStatus(of: error, console)
        }
    }

    private func positions(_ producer: KafkaProducer) async -> Result<[GroupPosition], ProducerError> {
        let patience = QuestionPatience(limit: producer.configuration.maxBlock)
        do throws(ProducerError) {
            let group = name.transactionalID
            // What a run that was killed has left open is not waited for: that would be for as long as its transaction may take.
            return .success(try await producer.committedPositions(of: group, isStable: false, patience))
        } catch {
            return .failure(error)
        }
    }

    private func print(_ positions: [GroupPosition]) -> ExitStatus {
        let standings = positions.filter { $0.partition == 0 }.sorted { $0.topic < $1.topic }.map { position in
            LoadStanding(position, of: name) { path in
                var status = stat()
                let isFile = unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
                return isFile ? UInt64(max(0, status.st_size)) : nil
            }
        }
        guard !standings.isEmpty else {
            console.error("the cluster has no position of \(name): it never began, or its position has expired")
            return .recordsFailed
        }
        var text = ""
        for standing in standings {
            text += isJSON ? ((try? JSONText.of(standing)) ?? "{}") + "\n" : standing.text
        }
        return StandardOutput(console: console).write(text) ? .delivered : .outputIncomplete
    }
}
