// SPDX-License-Identifier: Apache-2.0

/// The places that a provider may read: those below one of `allowed.paths`, or all when it is not set.
struct AllowedPaths {
    private let roots: [[Substring]]?

    init(
        key: String,
        settings: MergedSettings,
        in environment: some ConfigurationEnvironment
    ) throws(ConfigurationError) {
        guard let setting = settings[key], !setting.text.isEmpty else {
            roots = nil
            return
        }
        var roots: [[Substring]] = []
        for root in setting.text.split(separator: ",") {
            let components = Self.normalized(root)
            let path = Self.text(components, isAbsolute: root.hasPrefix("/"))
            let problem: String? =
                if !root.hasPrefix("/") {
                    "is not absolute"
                } else if environment.kind(ofPath: path) == nil {
                    "does not exist"
                } else {
                    nil
                }
            if let problem {
                let message = "Path \(path) \(problem)"
                throw ConfigurationError(message: message, key: key, value: setting.text, origin: setting.origin)
            }
            roots.append(components)
        }
        self.roots = roots
    }

    /// The path to read for a path in a variable, or `nil` when it is not allowed.
    func path(_ path: String) -> String? {
        guard let roots else { return path }
        let components = Self.normalized(path[...])
        guard path.hasPrefix("/"), roots.contains(where: { components.starts(with: $0) }) else { return nil }
        return Self.text(components, isAbsolute: true)
    }

    /// The components of a path, `.` and `..` worked out as far as the text alone allows.
    private static func normalized(_ path: Substring) -> [Substring] {
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component == "..", let last = components.last, last != ".." {
                components.removeLast()
            } else if component != ".." || !path.hasPrefix("/") {
                components.append(component)
            }
        }
        return components
    }

    private static func text(_ components: [Substring], isAbsolute: Bool) -> String {
        (isAbsolute ? "/" : "") + components.joined(separator: "/")
    }
}
