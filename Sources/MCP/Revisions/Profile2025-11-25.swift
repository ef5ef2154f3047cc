extension RevisionProfile {
    /// Icons, URLs and richer forms in elicitation, tools in sampling, experimental tasks.
    static let profile2025_11_25 = profile2025_06_18.deriving(.v2025_11_25) { profile in
        profile.add(.icons, .urlElicitation, .richForms, .samplingTools, .tasks)
        profile.add(.argumentErrorsInResult, .errorWithoutID)

        profile.add(.tasksGet, .tasksResult, going: .clientToServer, .serverToClient, needing: .tasks)
        profile.add(.tasksList, going: .clientToServer, .serverToClient, needing: .tasksList)
        profile.add(.tasksCancel, going: .clientToServer, .serverToClient, needing: .tasksCancel)
        profile.add(.tasksStatus, going: .clientToServer, .serverToClient, needing: .tasks)
        profile.clientCapabilities.insert("tasks")
        profile.serverCapabilities.insert("tasks")

        profile.add(.elicitationComplete, going: .serverToClient)
        profile.errorMeanings[.urlElicitationRequired] = "The user must first do something at a URL."

        profile.samplingContentKinds.formUnion([.toolUse, .toolResult])
        profile.schemaDialect = "https://json-schema.org/draft/2020-12/schema"
    }
}
