// SPDX-License-Identifier: Apache-2.0

extension PropertySource {
    /// Creates a source from the bytes of a settings file in the format of `java.util.Properties`.
    ///
    /// - Parameters:
    ///   - name: the file's path, for messages.
    ///   - contents: the whole file.
    /// - Throws: `ConfigurationError` for a malformed file, with the line at fault, and for one that is no settings file,
    ///   such as JSON.
    public init(name: String, contents: [UInt8]) throws(ConfigurationError) {
        let contents = SettingsFileForm.withoutMark(contents)
        if let objection = SettingsFileForm.objection(to: contents) {
            throw ConfigurationError(
                message: objection.message,
                origin: PropertyOrigin(source: name, line: objection.line)
            )
        }
        let entries: [Entry]
        do throws(PropertiesError) {
            entries = try Properties(bytes: contents).entries
        } catch {
            var fault = ConfigurationError(
                message: error.message,
                origin: PropertyOrigin(source: name, line: error.line)
            )
            fault.explanation =
                "\(error.message) \\u begins the number of a character in a settings file: write \\\\ for a backslash, "
                + "or / in the names of files"
            throw fault
        }
        // Also, to look for what each of a million lines was meant to be would take its time.
        guard
            entries.count <= SettingsFileForm.fewEntries || entries.contains(where: { !UnknownKeys.isUnknown($0.key) })
        else {
            let message = SettingsFileForm.noSettings(among: entries.count)
            throw ConfigurationError(message: message, origin: PropertyOrigin(source: name))
        }
        self.init(name: name, entries: entries)
    }

    /// Creates a source from a settings file in the format of `java.util.Properties`.
    ///
    /// - Parameters:
    ///   - path: the file, also its name in messages.
    ///   - environment: where files are read from.
    /// - Throws: `ConfigurationError` for a file that cannot be read or is malformed.
    public init(
        contentsOfFile path: String,
        environment: some ConfigurationEnvironment = ProcessEnvironment()
    ) throws(ConfigurationError) {
        let contents: [UInt8]
        do {
            contents = try environment.contents(ofFile: path)
        } catch {
            throw ConfigurationError(message: "cannot read settings file \(path): \(error.reason)")
        }
        try self.init(name: path, contents: contents)
    }
}
