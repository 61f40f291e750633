import Kernel

extension Database {
    /// What `migrate()` would do, without doing it.
    public func migrationPlan() throws -> MigrationPlan {
        let (registry, dialect) = (registry, dialect)
        return try driver.withSnapshot { try Migrator($0, dialect).plan(for: registry) }
    }

    /// Makes and changes tables as the models want, takes in custom models, and gives what was done.
    ///
    /// - Throws: `store.migration_refused`, `store.migration_duplicates`; then nothing was changed.
    @discardableResult public func migrate() throws -> MigrationPlan {
        var plan = try migrate(to: registry)
        let custom = try asSuperuser { try $0.registry.directory.customModels(in: $0) }
        if custom != registry.custom {
            let next = try registry.with(custom: custom)
            plan.steps += try migrate(to: next).steps
            use(next)
        }
        memory.forget()
        return plan
    }

    /// Takes in the custom models that the database has and changes nothing in it, for whoever only reads.
    public func adoptCustomModels() throws {
        let custom = try asSuperuser { try $0.registry.directory.customModels(in: $0) }
        if custom != registry.custom { use(try registry.with(custom: custom)) }
    }

    /// What `migrate()` would do to a database, seen through a connection that reads; custom models count as kept.
    public static func migrationPlan(
        for apps: [App], _ connection: any SQLConnection, _ dialect: any SQLDialect
    ) throws -> MigrationPlan {
        try Migrator(connection, dialect).plan(for: try Registry(apps: apps))
    }

    /// Replaces custom models and fields at run time: makes their tables and columns, then puts the new registry in force.
    public func replaceRegistry(custom: [CustomModel]) throws {
        let next = try registry.with(custom: custom)
        try migrate(to: next)
        use(next)
    }

    @discardableResult private func migrate(to registry: Registry) throws -> MigrationPlan {
        let (dialect, now) = (dialect, clock.now)
        let counted = registry.directory.watchedModels.union(registry.directory.schemaModels)
        let (plan, forms) = try systemBlocking { connection in
            let plan = try Migrator(connection, dialect).migrate(to: registry, at: now)
            try ChangeCounts.begin(counted.union(registry.remembered(of: plan.made)), connection, dialect)
            return (plan, try ChangeCounts.countForms(plan.steps.contains(where: \.isBreaking), connection, dialect))
        }
        knownForms.withLock { $0 = forms }
        return plan
    }
}

extension Database {
    /// Runs the seeds of all apps that this database has not had, in the order of the apps, then what they do at every start; each in a
    /// unit of work of its own.
    ///
    /// - Parameter demo: Also the records of the demo hospital group.
    public func seed(demo: Bool = false) throws {
        try writeBlocking(superuser: true) { env in try env.registry.directory.synchronise(in: env) }
        for app in registry.apps {
            for seed in app.seeds { try plant(seed, "seed.\(app.name).\(seed.name)") }
        }
        for app in registry.apps { for start in app.starts { try writeBlocking(superuser: true, start.body) } }
        guard demo else { return }
        for app in registry.apps { for seed in app.demos { try plant(seed, "demo.\(app.name).\(seed.name)") } }
    }

    private func plant(_ seed: App.Seed, _ key: String) throws {
        let dialect = dialect
        let known = try driver.withSnapshot { try Settings($0, dialect).text(key).flatMap(Int.init) ?? 0 }
        if known >= seed.version { return }
        try writeBlocking(superuser: true) { env in
            // Another node may have planted it meanwhile.
            if try Settings(env)?.text(key).flatMap(Int.init) ?? 0 >= seed.version { return }
            try seed.body(env)
            try Settings(env)?.set(key, String(seed.version))
        }
    }
}

extension Registry {
    /// What something is remembered of: models whose tables were just made, and in a new database what is no model.
    fileprivate func remembered(of made: Set<String>) -> Set<String> {
        let isNew = directory.watchedModels.allSatisfy { model($0).map { made.contains($0.table) } ?? false }
        return Set(apps.flatMap(\.remembered).filter { name in model(name).map { made.contains($0.table) } ?? isNew })
    }
}
