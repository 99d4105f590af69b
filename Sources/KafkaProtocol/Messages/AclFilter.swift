// SPDX-License-Identifier: Apache-2.0

/// Which rules of access are meant.
public struct AclFilter: FieldStructure {
    /// The type of the resource, or 1 for any.
    public var resourceTypeFilter: Int8
    /// Its name, or null for any.
    public var resourceNameFilter: String?
    /// How the name is meant: 1 in any way, 2 such that it covers the name.
    public var patternTypeFilter: Int8
    /// Who, or null for all.
    public var principalFilter: String?
    /// From which host, or null for all.
    public var hostFilter: String?
    /// The operation, or 1 for any.
    public var operation: Int8
    /// 2 for denied, 3 for allowed, 1 for both.
    public var permissionType: Int8

    /// Values with Kafka's defaults for what is not given.
    public init(
        resourceTypeFilter: Int8 = 0,
        resourceNameFilter: String? = nil,
        patternTypeFilter: Int8 = 3,
        principalFilter: String? = nil,
        hostFilter: String? = nil,
        operation: Int8 = 0,
        permissionType: Int8 = 0
    ) {
        self.resourceTypeFilter = resourceTypeFilter
        self.resourceNameFilter = resourceNameFilter
        self.patternTypeFilter = patternTypeFilter
        self.principalFilter = principalFilter
        self.hostFilter = hostFilter
        self.operation = operation
        self.permissionType = permissionType
    }

    /// Nothing but defaults.
    public init() {
        self.init(resourceTypeFilter: 0)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("resourceTypeFilter", &resourceTypeFilter)
        try coder.field("resourceNameFilter", &resourceNameFilter)
        try coder.field("patternTypeFilter", &patternTypeFilter, since: 1)
        try coder.field("principalFilter", &principalFilter)
        try coder.field("hostFilter", &hostFilter)
        try coder.field("operation", &operation)
        try coder.field("permissionType", &permissionType)
    }
}
